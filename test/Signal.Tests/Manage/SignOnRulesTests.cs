using System.Security.Claims;
using Shouldly;
using Signal.Manage.Access;
using Signal.State;
using Xunit;

namespace Signal.Tests.Manage;

public sealed class SignOnRulesTests
{
    private const string Issuer = "https://login.example.com";
    private static readonly SingleSignOnOptions Open = new() { Authority = new Uri(Issuer), ClientId = "signal" };
    private static readonly SingleSignOnOptions Mapped = Open with { Roles = new Dictionary<string, string> { ["ops"] = Roles.Admin, ["shop"] = Roles.Editor } };
    private static readonly SingleSignOnOptions ForAll = Open with { Roles = new Dictionary<string, string> { ["ops"] = Roles.Admin, ["*"] = Roles.Viewer } };
    private static readonly ProviderClaims Ada = new($"{Issuer}|1", "ada@example.com", true, "Ada", ["shop", "other"]);
    private static readonly User Known = new("usr_1", "ada@example.com", "Ada", Roles.Editor, null, 0, null, default, null) { Subject = Ada.Subject };
    private static readonly User Namesake = Known with { Subject = null, PasswordHash = "hash" };

    [Fact]
    public void Known_WithTheirRole_GetsIn() => Decide(Mapped, Ada, Known).ShouldBe(new SignOnDecision.Admit(Known));

    [Fact]
    public void Known_WithAnotherRoleAtTheProvider_GetsThatRole() =>
        Decide(Mapped, Ada with { Groups = ["shop", "ops"] }, Known).ShouldBe(new SignOnDecision.Tie(Known, Roles.Admin));

    [Fact]
    public void Known_WithoutAnyMappedGroup_IsRefused() => Reason(Mapped, Ada with { Groups = [] }, Known).ShouldBe(SignOnRefusal.NoRole);

    [Fact]
    public void Known_WhereEverybodyMayComeIn_KeepsTheRoleAnAdministratorGave() =>
        Decide(ForAll, Ada with { Groups = [] }, Known).ShouldBe(new SignOnDecision.Admit(Known));

    [Fact]
    public void Known_WithoutVerifiedAddress_StillGetsIn() =>
        Decide(Open, Ada with { Email = null, EmailVerified = false }, Known).ShouldBe(new SignOnDecision.Admit(Known));

    [Fact]
    public void Namesake_AddedByAnAdministrator_IsTied() => Decide(Open, Ada, null, Namesake).ShouldBe(new SignOnDecision.Tie(Namesake, Roles.Editor));

    [Fact]
    public void Namesake_WithoutTheProvidersWordForTheAddress_IsRefusedUnlessTrusted()
    {
        var unverified = Ada with { EmailVerified = false };

        Reason(Open, unverified, null, Namesake).ShouldBe(SignOnRefusal.EmailNotVerified);
        Decide(Open with { TrustEmail = true }, unverified, null, Namesake).ShouldBe(new SignOnDecision.Tie(Namesake, Roles.Editor));
    }

    [Fact]
    public void Namesake_WhoIsAnotherPersonAtTheProvider_IsRefused() =>
        Reason(Open, Ada, null, Namesake with { Subject = $"{Issuer}|2" }).ShouldBe(SignOnRefusal.OtherPerson);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disabled_IsRefused(bool tied) =>
        Reason(ForAll, Ada, tied ? Known with { Enabled = false } : null, Namesake with { Enabled = false }).ShouldBe(SignOnRefusal.Disabled);

    [Fact]
    public void Stranger_WithAMappedGroup_IsAdded() => Decide(Mapped, Ada).ShouldBe(new SignOnDecision.Add("ada@example.com", "Ada", Roles.Editor));

    [Fact]
    public void Stranger_WhereEverybodyMayComeIn_IsAddedWithThatRole() =>
        Decide(ForAll, Ada with { Name = null, Groups = [] }).ShouldBe(new SignOnDecision.Add("ada@example.com", "ada@example.com", Roles.Viewer));

    [Fact]
    public void Stranger_WithoutRules_IsNotInvited() => Reason(Open, Ada).ShouldBe(SignOnRefusal.NotInvited);

    [Fact]
    public void Stranger_WithoutAddress_IsRefused() => Reason(ForAll, Ada with { Email = null }).ShouldBe(SignOnRefusal.NoEmail);

    [Theory]
    [InlineData("ada@EXAMPLE.com", true)]
    [InlineData("ada@evil.example", false)]
    [InlineData("ada@example.com.evil.example", false)]
    public void Domain_IsTheWholePartBehindTheLastAt(string email, bool allowed) =>
        (Decide(ForAll with { Domains = ["example.com"] }, Ada with { Email = email }) is SignOnDecision.Add).ShouldBe(allowed);

    [Theory]
    [InlineData("groups", "shop")]
    [InlineData("https://example.com/roles", "shop")]
    [InlineData("realm_access.roles", "shop")]
    [InlineData("list", "shop")]
    [InlineData("realm_access.missing", null)]
    [InlineData("missing.roles", null)]
    public void Claims_OfEachForm_AreRead(string path, string? expected)
    {
        var person = new ClaimsPrincipal(new ClaimsIdentity(
        [
            new Claim("sub", "1", null, Issuer),
            new Claim("email_verified", "True"),
            new Claim("groups", "shop"),
            new Claim("https://example.com/roles", "shop"),
            new Claim("realm_access", """{"roles":["shop"]}"""),
            new Claim("list", """["shop"]"""),
        ]));

        var claims = ProviderClaims.Of(person, path)!;

        claims.Subject.ShouldBe($"{Issuer}|1");
        claims.EmailVerified.ShouldBeTrue();
        claims.Groups.ShouldBe(expected is null ? [] : [expected]);
    }

    private static SignOnDecision Decide(SingleSignOnOptions options, ProviderClaims person, User? known = null, User? namesake = null) =>
        SignOnRules.Decide(options, person, known, namesake);

    private static string? Reason(SingleSignOnOptions options, ProviderClaims person, User? known = null, User? namesake = null) =>
        (Decide(options, person, known, namesake) as SignOnDecision.Refuse)?.Reason;
}
