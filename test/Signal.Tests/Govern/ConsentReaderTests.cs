using System.Text.Json;
using Shouldly;
using Signal.Configure;
using Signal.Govern;
using Xunit;

namespace Signal.Tests.Govern;

public class ConsentReaderTests
{
    private static readonly ConsentPolicy Mapped = new()
    {
        Categories = new Dictionary<string, string> { ["C0002"] = "analytics", ["C0004"] = "marketing", ["stat"] = "analytics" },
    };

    private static ConsentStatement Read(string? consent, string? management = null) =>
        ConsentReader.Read(Parse(consent), Parse(management), Mapped);

    private static JsonElement? Parse(string? json) => json is null ? null : JsonDocument.Parse(json).RootElement;

    /// <summary>Granted categories with +, refused ones with -, in order.</summary>
    private static string Words(ConsentStatement said) =>
        said.Unreadable is not null ? "unreadable" : string.Join(' ', said.Categories.OrderBy(c => c.Key).Select(c => (c.Value ? "+" : "-") + c.Key));

    [Theory]
    [InlineData("""{"analytics":true}""", "+analytics")]
    [InlineData("""{"analytics":false,"marketing":true}""", "-analytics +marketing")]
    [InlineData("""{"analytics":"granted","marketing":"denied"}""", "+analytics -marketing")]
    [InlineData("""{"analytics":1,"marketing":0}""", "+analytics -marketing")]
    [InlineData("""{"essential":false,"analytics":true}""", "+analytics")]
    [InlineData("""{"analytics":true,"updatedAt":"2026-01-01","version":3}""", "+analytics")]
    [InlineData("{}", "")]
    [InlineData("""{"categories":{"analytics":true,"Strictly Necessary":true}}""", "+analytics")]
    [InlineData("""{"categories":{"C0002":true,"C0004":false}}""", "+analytics -marketing")]
    [InlineData("""{"canonical":{"personalization":false}}""", "-personalization")]
    [InlineData("""{"categories":{"C0002":false},"canonical":{"analytics":true}}""", "-analytics")]
    [InlineData("""{"categoryPreferences":{"Advertising":false,"Analytics":true,"Functional":true,"DataSharing":false}}""", "+analytics +functional -marketing")]
    [InlineData("""{"categories":{}}""", "")]
    [InlineData("""{"gcm":{"analytics_storage":"granted","ad_storage":"denied","ad_user_data":"granted"}}""", "+analytics -marketing")]
    [InlineData("""{"gcm":{"ad_personalization":"denied","functionality_storage":"granted","security_storage":"granted","wait_for_update":500}}""", "+functional -personalization")]
    [InlineData("""{"gcm":"G101"}""", "+analytics -marketing")]
    [InlineData("""{"gcm":"G110"}""", "-analytics +marketing")]
    [InlineData("""{"consentManagement":{"allowedConsentIds":["C0002"],"deniedConsentIds":["C0004"]}}""", "+analytics -marketing")]
    [InlineData("""{"categories":null,"analytics":true}""", "+analytics")]
    public void Read_KnownShape_IsUnderstood(string consent, string expected) => Words(Read(consent)).ShouldBe(expected);

    [Theory]
    [InlineData("""{"C0009":false}""", "-analytics -functional -marketing -personalization")]
    [InlineData("""{"analytics":true,"C0009":false}""", "+analytics -functional -marketing -personalization")]
    [InlineData("""{"analytics":true,"C0009":true}""", "+analytics")]
    public void Read_RefusedCodeNobodyMapped_RefusesWhatIsNotNamed(string consent, string expected) => Words(Read(consent)).ShouldBe(expected);

    [Theory]
    [InlineData("true")]
    [InlineData("\"granted\"")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"analytics":"maybe"}""")]
    [InlineData("""{"analytics":null}""")]
    [InlineData("""{"analytics":{}}""")]
    [InlineData("""{"hello":"world"}""")]
    [InlineData("""{"categories":[]}""")]
    [InlineData("""{"categories":{"C0009":"maybe"}}""")]
    [InlineData("""{"tcf":"garbage"}""")]
    [InlineData("""{"tcf":17}""")]
    [InlineData("""{"gcm":"X"}""")]
    [InlineData("""{"gcm":{"analytics_storage":"perhaps"}}""")]
    [InlineData("""{"categories":{"analytics":true},"tcf":"garbage"}""")]
    [InlineData("""{"consentManagement":{}}""")]
    public void Read_NotUnderstood_SaysSo(string consent) => Read(consent).Unreadable.ShouldNotBeNull();

    [Theory]
    [InlineData("""{"allowedConsentIds":["stat"],"deniedConsentIds":["C0004"],"provider":"oneTrust","resolutionStrategy":"and"}""", "+analytics -marketing")]
    [InlineData("""{"allowedConsentIds":["stat","C0002"]}""", "+analytics")]
    [InlineData("""{"deniedConsentIds":["analytics"]}""", "-analytics")]
    [InlineData("""{"allowedConsentIds":[],"deniedConsentIds":[]}""", "")]
    [InlineData("""{"allowedConsentIds":"stat"}""", "unreadable")]
    [InlineData("""{"allowedConsentIds":[{}]}""", "unreadable")]
    [InlineData("{}", "unreadable")]
    [InlineData("[]", "unreadable")]
    public void Read_ConsentManagement_IsRudderStacks(string management, string expected) => Words(Read(null, management)).ShouldBe(expected);

    [Theory]
    [InlineData(new[] { 1, 8, 9 }, "+analytics +functional -marketing -personalization")]
    [InlineData(new[] { 1, 8 }, "-analytics +functional -marketing -personalization")]
    [InlineData(new[] { 8, 9 }, "-analytics -functional -marketing -personalization")]
    [InlineData(new[] { 1, 2, 3, 4, 7 }, "-analytics +functional +marketing -personalization")]
    [InlineData(new[] { 1, 5, 6 }, "-analytics +functional -marketing +personalization")]
    [InlineData(new int[0], "-analytics -functional -marketing -personalization")]
    public void Read_Tcf_MapsPurposesToCategories(int[] purposes, string expected) =>
        Words(Read($$"""{"tcf":"{{TcfStrings.With(purposes)}}"}""")).ShouldBe(expected);

    [Fact]
    public void Read_Nothing_IsSilent() => Read(null).ShouldBe(ConsentStatement.Silent);
}
