using Shouldly;
using Signal.Hosting;
using Xunit;

namespace Signal.Tests.Hosting;

public class RedactionTests
{
    [Theory]
    [InlineData("POST token_auth=0123456789abcdef0123456789abcdef&x=1", "POST token_auth=***&x=1")]
    [InlineData("""{"token_auth":"0123456789abcdef0123456789abcdef"}""", """{"token_auth":"***"}""")]
    [InlineData("token_auth%3D0123456789abcdef0123456789abcdef", "token_auth%3D***")]
    [InlineData("secret sk_abcdefgh12345678 given", "secret sk_*** given")]
    [InlineData("Authorization: Bearer eyJhbGciOi.abc.def", "Authorization: Bearer ***")]
    [InlineData("token sig_abcdefgh12345678", "token sig_***")]
    [InlineData("evt_0123456789abcdef0123456789abcdef delivered", "evt_0123456789abcdef0123456789abcdef delivered")]
    public void Redact_Secrets_AreMaskedAndTheRestStays(string text, string expected) => Writer().Redact(text).ShouldBe(expected);

    [Fact]
    public void Redact_ASettingsSecret_IsMaskedWhereverItStands() => Writer("hunter2-hunter2").Redact("failed for hunter2-hunter2!").ShouldBe("failed for ***!");

    private static RedactingWriter Writer(params string[] secrets) => new(TextWriter.Null, secrets);
}
