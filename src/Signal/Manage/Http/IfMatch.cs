using System.Reflection;
using Microsoft.Net.Http.Headers;

namespace Signal.Manage.Http;

/// <summary>The revision a change was made on (<c>If-Match</c>), or null when the caller does not care.</summary>
internal sealed class IfMatch : IRequestInput, IBindableFromHttpContext<IfMatch>, Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider
{
    private const int None = -1;

    /// <summary>The revision asked for; -1 matches none.</summary>
    public int? Revision { get; private init; }

    public IResult? Problem { get; private init; }

    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0 && context.RequestServices.GetRequiredService<ManageOptions>().RequireIfMatch)
            return Is(new IfMatch { Problem = Answer.Problem(428, "PRECONDITION_REQUIRED", "Send If-Match with the ETag of the value you read, so that nobody's change is lost.") });
        if (header.Count == 0 || header == "*") return Is(new IfMatch());
        var revisions = Revisions(header).Distinct().ToList();
        return Is(revisions.Count == 1
            ? new IfMatch { Revision = revisions[0] }
            : new IfMatch { Problem = Answer.Invalid([new("If-Match", "alone", "If-Match must hold one ETag, that of the value you read.")]) });
    }

    // A proxy that compresses makes an ETag weak, and people forget its quotes: a revision is one all the same.
    private static IEnumerable<int> Revisions(Microsoft.Extensions.Primitives.StringValues header) =>
        EntityTagHeaderValue.TryParseList([.. header.OfType<string>()], out var tags)
            ? tags.Select(t => int.TryParse(t.Tag.Value!.Trim('"'), out var revision) ? revision : None)
            : [int.TryParse(header.ToString(), out var bare) ? bare : None];

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new TakesIfMatch());

    private static ValueTask<IfMatch?> Is(IfMatch value) => ValueTask.FromResult<IfMatch?>(value);
}

/// <summary>Marks a route that takes <c>If-Match</c>, for the API document.</summary>
internal sealed record TakesIfMatch;
