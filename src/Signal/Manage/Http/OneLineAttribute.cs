using System.ComponentModel.DataAnnotations;

namespace Signal.Manage.Http;

/// <summary>A text that people see as a name: one line that is not blank, without control characters. That it is not empty is the length's business.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneLineAttribute() : ValidationAttribute("{0} must be one line of visible text, without control characters.")
{
    public override bool IsValid(object? value) => value is not string { Length: > 0 } text || (!string.IsNullOrWhiteSpace(text) && !text.Any(IsControl));

    private static bool IsControl(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
