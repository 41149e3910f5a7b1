using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class RightsTests : IAsyncLifetime
{
    private ManageHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ManageHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public void Table_AndRoutes_AreTheSame()
    {
        Routes().Order().ShouldBe(Rights.Table.Keys.Order());
        Should.Throw<InvalidOperationException>(() => Rights.Of("GET", "/forgotten")).Message.ShouldContain("GET /forgotten");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Roles.Viewer)]
    [InlineData(Roles.Editor)]
    [InlineData(Roles.Admin)]
    public async Task EveryRoute_WithThisRole_IsOpenOrShutAsTheTableSays(string? role)
    {
        using var client = role is null ? _host.Client(null) : await _host.ClientOfAsync(role);
        foreach (var route in Routes())
        {
            var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
            using var request = new HttpRequestMessage(new HttpMethod(method), "/v1/admin" + path.Replace("{revision}", "1", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
            if (method is "POST" or "PUT" or "PATCH") request.Content = Some.Json("[]");
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

            var needed = Rights.Table[route];
            var open = needed == Rights.Anyone || (role is not null && Roles.AtLeast(needed).Contains(role));
            if (open) answer.StatusCode.ShouldNotBeOneOf([HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized], $"{role} {route}");
            else (await answer.ErrorAsync(role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden)).ShouldBe(role is null ? "UNAUTHENTICATED" : "FORBIDDEN", $"{role} {route}");
        }
    }

    private List<string> Routes() =>
    [
        .. _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1/admin", StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods, (e, method) => $"{method} {e.RoutePattern.RawText!["/v1/admin".Length..].TrimEnd('/')}"),
    ];
}
