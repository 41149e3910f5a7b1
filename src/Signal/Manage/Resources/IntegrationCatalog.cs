using Signal.Destinations;
using Signal.Manage.Changes;
using Signal.Manage.Http;

namespace Signal.Manage.Resources;

/// <summary><c>/integration-catalog</c></summary>
internal static class IntegrationCatalog
{
    public static void MapIntegrationCatalog(this IEndpointRouteBuilder admin)
    {
        var catalogue = admin.MapGroup("/integration-catalog").WithTags("Catalogue");
        catalogue.MapGet("", List).Says<Page<Manifest>>("listCatalog", "Lists the destinations with their settings, presets and vocabulary.");
        catalogue.MapGet("/{vendor}", Read).Says<Manifest>("getCatalogEntry", "Shows a destination.");
    }

    private static IResult List(Query<PageQuery> query, Catalogue catalogue) =>
        Paging.OfIds(catalogue.All().Select(d => d.Manifest), query.Value, m => m.Vendor, m => m);

    private static IResult Read(string vendor, Catalogue catalogue) =>
        catalogue.Find(vendor) is { } destination ? Answer.Ok(destination.Manifest) : Answer.NotFound($"destination {vendor}");
}
