using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
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

    private static readonly Dictionary<string, string> Tags = new()
    {
        ["Sign-in"] = "Sessions of people: access and refresh tokens, the first administrator, one's own password.",
        ["Sources"] = "Tracked sites and apps with their pipeline keys.",
        ["Integrations"] = "Configured destinations of a source: settings, mappings, revisions, preview, diagnosis, recent events.",
        ["Overview"] = "Counts, lag and throughput.",
        ["Dead letters"] = "What could not be delivered: inspect, replay, discard.",
        ["Replays"] = "Sending a range of the log again.",
        ["Catalogue"] = "The destinations there are, with their settings and vocabulary.",
        ["Users"] = "Who may sign in, and as what.",
        ["Tokens"] = "API tokens for programs.",
        ["Events"] = "The debugger: what happens now, and the whole way of one event.",
        ["Visitors"] = "Privacy requests: find, export, erase.",
        ["Audit log"] = "Who did what, when and from where.",
        ["Alerts"] = "What somebody should know: alerts open and past, the rules that open them, the channels that tell.",
        ["Backups"] = "Copies of the data directory that were taken beside the process.",
        ["Configuration"] = "Sources, integrations and alerts as one file.",
    };

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
        document.Servers = [new OpenApiServer { Url = "/", Description = "The management listener." }];
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>()) tag.Description = Tags.GetValueOrDefault(tag.Name ?? "");
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token from /v1/admin/auth/login, an API token, or SIGNAL_ADMIN_TOKEN." },
        };
        return Task.CompletedTask;
    }

    private static Task SecureAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().LastOrDefault()?.Policy is not { } role)
        {
            // An empty requirement: without it tools take the operation for one whose author forgot.
            operation.Security = [new OpenApiSecurityRequirement()];
            return Task.CompletedTask;
        }

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
            if (property is OpenApiSchema own)
            {
                own.Type &= ~JsonSchemaType.Null;
                if (own.Enum is { } values) own.Enum = [.. values.Where(v => v is not null)];
            }

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
        if (type == typeof(DateTimeOffset)) schema.Type = JsonSchemaType.String | (type == context.JsonTypeInfo.Type ? 0 : JsonSchemaType.Null);
        // Settings are the vendor's: without this, generators take the object for one without fields.
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Dictionary } dictionary && dictionary.ElementType == typeof(JsonElement)) schema.AdditionalProperties = new OpenApiSchema();
        if (type.IsEnum)
        {
            // One schema serves where null is allowed and where it is not; who refers to it says so.
            schema.Type = JsonSchemaType.String;
            if (schema.Enum is { } values) schema.Enum = [.. values.Where(v => v is not null)];
        }

        return Task.CompletedTask;
    }

    private static Task TakeHeadersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<TakesIdempotencyKey>().Any()) Header("Idempotency-Key", "The same key with the same body answers what the first call answered.");
        if (metadata.OfType<TakesIfMatch>().Any()) Header("If-Match", "The ETag of the value this change was made on; another one answers 412.");
        if (metadata.OfType<TakesLastEventId>().Any()) Header("Last-Event-ID", "The id of the last event seen: what came after it and is still held is sent first.");
        if (Examples.Of(operation.OperationId) is { } example && operation.RequestBody?.Content is { } bodies)
            foreach (var body in bodies.Values.OfType<OpenApiMediaType>()) body.Example = example.DeepClone();
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
        operation.Responses["4XX"] = Failure("The request can't be done as it is; error.code says why. With 429 and some 503, Retry-After says when to try again.");
        operation.Responses["default"] = Failure("It failed; error.code says why.");

        OpenApiResponse Failure(string description) => new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchemaReference("Error", context.Document) },
            },
        };
    }
}
