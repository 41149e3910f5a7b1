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
        foreach (var property in ApiJson.Options.GetTypeInfo(query.Type).Properties)
        {
            var attributes = property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = property.Name,
                In = ParameterLocation.Query,
                Required = property.IsRequired,
                Description = attributes.OfType<System.ComponentModel.DescriptionAttribute>().FirstOrDefault()?.Description,
                Schema = await context.GetOrCreateSchemaAsync(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, null, stop),
            });
        }
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
