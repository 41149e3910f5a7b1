using System.Text.Json;
using CsCheck;
using Shouldly;
using Signal.Map;
using Xunit;

namespace Signal.Tests.Map;

public class MoneyTests
{
    [Theory]
    [InlineData("129,99", "129.99")]
    [InlineData("129.99", "129.99")]
    [InlineData("1.234,56", "1234.56")]
    [InlineData("1,234.56", "1234.56")]
    [InlineData("1.234.567,89", "1234567.89")]
    [InlineData("1 234,56", "1234.56")]
    [InlineData("1'234.50", "1234.50")]
    [InlineData("€5", "5.00")]
    [InlineData("5 €", "5.00")]
    [InlineData("-€5,50", "-5.50")]
    [InlineData("USD 12.5", "12.50")]
    [InlineData("0.005", "0.01")]
    [InlineData("0.125", "0.13")]
    [InlineData("1234.567", "1234.57")]
    [InlineData("1.234.567", "1234567.00")]
    [InlineData(" 12 ", "12.00")]
    [InlineData("1e3", "1000.00")]
    public void Parse_TextWithOneReading_IsUnderstood(string text, string amount) =>
        Money.Format(Money.Parse(Value.Of(text)).ShouldNotBeNull()).ShouldBe(amount);

    [Theory]
    [InlineData("1.234")]
    [InlineData("1,234")]
    [InlineData("1,2,3")]
    [InlineData("1.2.3,4")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("--5")]
    [InlineData("5-10")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e400")]
    [InlineData("12 34")]
    [InlineData("99999999999999999999")]
    public void Parse_TextWithNoneOrTwoReadings_IsNot(string text) => Money.Parse(Value.Of(text)).ShouldBeNull();

    [Fact]
    public void Parse_JsonNumber_IsTakenAsWritten() =>
        Money.Parse(Value.Of(JsonSerializer.SerializeToElement(1.234))!.Value).ShouldBe(1.23m);

    [Fact]
    public void Format_AnyAmount_ReadsBackTheSame() => Gen.Decimal[-1_000_000m, 1_000_000m].Sample(amount =>
    {
        var text = Money.Format(amount);
        text.ShouldMatch(@"\A-?\d+\.\d\d\z");
        Money.Parse(new Value(ValueKind.Number, text)).ShouldBe(Money.Round(amount));
    });
}
