using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Signal.Destinations;

namespace Signal.Manage.Http;

/// <summary>
/// Reads JSON into a type and finds every error at once: missing and unknown fields (with the name that was probably meant),
/// wrong kinds of value, and what the type's validation attributes ask. The type is the only declaration; OpenAPI reads the same one.
/// </summary>
internal sealed class InputCheck
{
    private readonly List<FieldError> _errors = [];

    private InputCheck()
    {
    }

    /// <summary>The value, or null with at least one error.</summary>
    public static (T? Value, IReadOnlyList<FieldError> Errors) Read<T>(JsonElement json)
        where T : class
    {
        var check = new InputCheck();
        check.Value(json, typeof(T), "");
        return check._errors.Count == 0 ? (json.Deserialize<T>(ApiJson.Options)!, []) : (null, check._errors);
    }

    /// <summary>Every error of a value that was not read from a body, such as a page's form: what its type asks holds for it too.</summary>
    public static IReadOnlyList<FieldError> Of<T>(T value)
        where T : class => Read<T>(JsonSerializer.SerializeToElement(value, ApiJson.Options)).Errors;

    /// <summary>Whether a type has a field that must be given.</summary>
    public static bool Requires(Type type) => ApiJson.Options.GetTypeInfo(type).Properties.Any(IsRequired);

    private void Value(JsonElement value, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var info = ApiJson.Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Object && Is(value, JsonValueKind.Object, "an object", path)) Object(value, info, path);
        else if (info.Kind == JsonTypeInfoKind.Dictionary && Is(value, JsonValueKind.Object, "an object", path))
            foreach (var entry in value.EnumerateObject()) Value(entry.Value, info.ElementType!, Join(path, entry.Name));
        else if (info.Kind == JsonTypeInfoKind.Enumerable && Is(value, JsonValueKind.Array, "a list", path))
            foreach (var (i, item) in value.EnumerateArray().Index()) Value(item, info.ElementType!, $"{path}[{i}]");
        else if (info.Kind == JsonTypeInfoKind.None) Leaf(value, type, path);
    }

    private void Object(JsonElement value, JsonTypeInfo info, string path)
    {
        var known = info.Properties.Where(p => !p.IsExtensionData && (p.Set is not null || p.AssociatedParameter is not null)).ToList();
        foreach (var property in known)
        {
            var field = Join(path, property.Name);
            if (!value.TryGetProperty(property.Name, out var given)) Missing(property, field);
            else if (given.ValueKind == JsonValueKind.Null) Null(property, field);
            else Property(given, property, field);
        }

        if (info.Properties.Any(p => p.IsExtensionData)) return;
        foreach (var entry in value.EnumerateObject().Where(e => known.TrueForAll(p => p.Name != e.Name)))
            _errors.Add(FieldErrors.Unknown(Join(path, entry.Name), entry.Name, known.Select(p => p.Name)));
    }

    private void Missing(JsonPropertyInfo property, string field)
    {
        if (IsRequired(property)) _errors.Add(new FieldError(field, "required", $"{field} is required."));
    }

    private void Null(JsonPropertyInfo property, string field)
    {
        if (property.PropertyType == typeof(JsonElement)) return;
        if (!(property.AssociatedParameter?.IsNullable ?? property.IsSetNullable)) _errors.Add(new FieldError(field, "required", $"{field} must not be null."));
    }

    private void Property(JsonElement given, JsonPropertyInfo property, string field)
    {
        var before = _errors.Count;
        Value(given, property.PropertyType, field);
        if (_errors.Count > before || property.AttributeProvider is not { } attributes) return;
        foreach (var rule in attributes.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>())
            if (!rule.IsValid(given.Deserialize(property.PropertyType, ApiJson.Options)))
                _errors.Add(new FieldError(field, RuleOf(rule), rule.FormatErrorMessage(field)));
    }

    private void Leaf(JsonElement value, Type type, string path)
    {
        if (type == typeof(JsonElement) || type == typeof(object)) return;
        var kind = type == typeof(bool) ? value.ValueKind is JsonValueKind.True or JsonValueKind.False
            : type == typeof(string) || type.IsEnum || type == typeof(DateTimeOffset) ? value.ValueKind == JsonValueKind.String
            : value.ValueKind == JsonValueKind.Number;
        try
        {
            if (kind && value.Deserialize(type, ApiJson.Options) is { } read && (!type.IsEnum || Text(read) == value.GetString())) return;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Reported below in the reader's words: the serializer's name .NET types.
            kind = false;
        }

        _errors.Add(type.IsEnum
            ? new FieldError(path, "one_of", $"{path} must be one of {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Text))}.")
            : new FieldError(path, "type", $"{path} must be {Words(type)}."));
    }

    private bool Is(JsonElement value, JsonValueKind kind, string words, string path)
    {
        if (value.ValueKind == kind) return true;
        _errors.Add(new FieldError(path, "type", path.Length == 0 ? $"The body must be {words}." : $"{path} must be {words}."));
        return false;
    }

    /// <summary>Whether a field must be given.</summary>
    public static bool IsRequired(JsonPropertyInfo property) => property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };

    private static string Text(object value) => JsonSerializer.Serialize(value, ApiJson.Options).Trim('"');

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string RuleOf(ValidationAttribute rule) => rule switch
    {
        RangeAttribute => "range",
        StringLengthAttribute or MaxLengthAttribute or MinLengthAttribute or LengthAttribute => "length",
        AllowedValuesAttribute => "one_of",
        _ => "format",
    };

    private static string Words(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "true or false",
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Double or TypeCode.Decimal => "a number",
        _ when type == typeof(DateTimeOffset) => "a time such as 2026-01-31T12:00:00Z",
        _ => "text",
    };
}
