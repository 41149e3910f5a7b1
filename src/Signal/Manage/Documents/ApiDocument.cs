using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Signal.Manage.Access;
using Signal.Manage.Http;
using Signal.Manage.Resources;

namespace Signal.Manage.Documents;

/// <summary>The API document at <c>/openapi/v1.json</c> (OpenAPI 3.1): what the routes' types do not say by themselves.</summary>
internal static class ApiDocument
{
    /// <summary>The document's name.</summary>
    public const string Name = "v1";

    private const string Scheme = "bearer";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = route => route.RelativePath?.StartsWith("v1/admin", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer(Describe);
        options.AddSchemaTransformer(TypeAsync);
        options.AddOperationTransformer(SecureAsync);
        options.AddOperationTransformer(TakeQueryAsync);
        options.AddOperationTransformer(TakeHeadersAsync);
        options.AddOperationTransformer(FailAsync);
    });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Signal management API",
            Version = Name,
            Description = "Sources, integrations, events and people. Send a token as Authorization: Bearer. Lists answer data, next_cursor and has_more. "
                + "Failures answer error with code and message, and fields where input is wrong. Secrets are write-only: they are answered as ***, and *** sent back keeps the stored value.",
        };
        // The document must not depend on the address it was asked at.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token from /v1/admin/auth/login, an API token, or SIGNAL_ADMIN_TOKEN." },
        };
        return Task.CompletedTask;
    }

    private static Task SecureAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy is not { } role) return Task.CompletedTask;
        operation.Description = role == Roles.Viewer ? "Needs a signed-in user or token of any role." : $"Needs the role {role}.";
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
        return Task.CompletedTask;
    }

    private static async Task TakeQueryAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryOf>().FirstOrDefault() is not { } query) return;
        operation.Parameters ??= [];
        var schema = await context.GetOrCreateSchemaAsync(query.Type, null, stop);
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            // A parameter is left out rather than sent as null.
            if (property is OpenApiSchema { Type: { } type } own) own.Type = type & ~JsonSchemaType.Null;
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Query,
                Required = schema.Required?.Contains(name) == true,
                Description = property.Description,
                Schema = property,
            });
        }
    }

    // Types with a converter of their own tell the generator nothing about their form.
    private static Task TypeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken stop)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || type.IsEnum) schema.Type = JsonSchemaType.String | (type == context.JsonTypeInfo.Type ? 0 : JsonSchemaType.Null);
        return Task.CompletedTask;
    }

    private static Task TakeHeadersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<TakesIdempotencyKey>().Any()) Header("Idempotency-Key", "The same key with the same body answers what the first call answered.");
        if (metadata.OfType<TakesIfMatch>().Any()) Header("If-Match", "The ETag of the value this change was made on; another one answers 412.");
        return Task.CompletedTask;

        void Header(string name, string description) => (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static async Task FailAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ErrorView), null, stop);
        context.Document?.AddComponent("Error", schema);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "It failed; error.code says why.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchemaReference("Error", context.Document) },
            },
        };
    }
}
