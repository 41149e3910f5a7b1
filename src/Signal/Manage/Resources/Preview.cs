using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Resources;

/// <summary><c>/integrations/{id}/preview</c></summary>
internal static class Preview
{
    public static void MapPreview(this IEndpointRouteBuilder admin) =>
        admin.MapPost("/integrations/{id}/preview", ShowAsync).WithTags("Integrations")
            .Says<PreviewView>("previewIntegration", "Shows the exact requests an event would become, without sending anything.");

    private static async Task<IResult> ShowAsync(string id, Body<PreviewInput> body, Previews previews, CancellationToken stop) =>
        Answer.Of(await previews.ShowAsync(id, body.Value, stop), $"integration {id}", Answer.Ok);
}
