using System.Reflection;
using Microsoft.Net.Http.Headers;

namespace Signal.Manage.Http;

/// <summary>The revision a change was made on (<c>If-Match</c>), or null when the caller does not care.</summary>
internal sealed class IfMatch : IRequestInput, IBindableFromHttpContext<IfMatch>, Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider
{
    /// <summary>The revision asked for; -1 matches none.</summary>
    public int? Revision { get; private init; }

    public IResult? Problem { get; private init; }

    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0 && context.RequestServices.GetRequiredService<ManageOptions>().RequireIfMatch)
            return Is(new IfMatch { Problem = Answer.Problem(428, "PRECONDITION_REQUIRED", "Send If-Match with the ETag of the value you read, so that nobody's change is lost.") });
        if (header.Count == 0 || header == "*") return Is(new IfMatch());
        return Is(new IfMatch
        {
            Revision = EntityTagHeaderValue.TryParse(header.ToString(), out var tag) && int.TryParse(tag.Tag.Value!.Trim('"'), out var revision) ? revision : -1,
        });
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new TakesIfMatch());

    private static ValueTask<IfMatch?> Is(IfMatch value) => ValueTask.FromResult<IfMatch?>(value);
}

/// <summary>Marks a route that takes <c>If-Match</c>, for the API document.</summary>
internal sealed record TakesIfMatch;
