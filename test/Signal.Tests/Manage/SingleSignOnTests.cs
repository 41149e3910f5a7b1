using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Signal.Manage;
using Signal.Manage.Access;
using Xunit;

namespace Signal.Tests.Manage;

/// <summary>What a provider says of a person, put into effect.</summary>
public sealed class SingleSignOnTests : ManageTest
{
    private const string Issuer = "https://login.example.com";

    private protected override ManageOptions Options(ManageOptions options) => options with
    {
        SingleSignOn = new SingleSignOnOptions { Authority = new Uri(Issuer), ClientId = "signal", Roles = new Dictionary<string, string> { ["*"] = Roles.Viewer } },
    };

    [Fact]
    public async Task Admit_AnAddressThatOnlyFoldsIntoAnothers_IsNotThatPerson()
    {
        await Host.Services.GetRequiredService<Accounts>().AddAsync(
            new UserInput { Email = "kate@example.com", Name = "Kate", Role = Roles.Admin }, Signal.Manage.Changes.Actor.System, CancellationToken.None);

        var signOn = await AdmitAsync(new("sub", "eve"), new("email", "\u212Aate@example.com"), new("email_verified", "true"));

        "\u212Aate@example.com".ToLowerInvariant().ShouldBe("kate@example.com", "or the store would not take one for the other");
        signOn.ShouldBeOfType<SignOn.Refused>();
        (await Host.Accounts.UserByEmailAsync("kate@example.com", CancellationToken.None))!.Subject.ShouldBeNull();
    }

    [Theory]
    [InlineData("Ada\r\nLovelace\u0000", "AdaLovelace")]
    [InlineData("\t", "ada@example.com")]
    [InlineData(null, "ada@example.com")]
    public async Task Admit_ANameThatCanBeNoneHere_LetsThemInAllTheSame(string? name, string becomes)
    {
        Claim[] claims = [new("sub", "ada"), new("email", "ada@example.com"), new("email_verified", "true"), .. name is null ? [] : new[] { new Claim("name", name) }];

        (await AdmitAsync(claims)).ShouldBeOfType<SignOn.Accepted>().User.Name.ShouldBe(becomes);
    }

    [Fact]
    public async Task Admit_AnOverlongName_IsCut() =>
        (await AdmitAsync(new("sub", "ada"), new("email", "ada@example.com"), new("email_verified", "true"), new("name", new string('a', 199) + "\U0001F600"))).ShouldBeOfType<SignOn.Accepted>().User.Name.Length.ShouldBeLessThanOrEqualTo(200);

    private Task<SignOn> AdmitAsync(params Claim[] claims) =>
        Host.Services.GetRequiredService<SingleSignOn>().AdmitAsync(
            new ClaimsPrincipal(new ClaimsIdentity(claims.Select(c => new Claim(c.Type, c.Value, null, Issuer)), "oidc")), "203.0.113.7", CancellationToken.None);
}
