using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Signal.Manage.Http;

/// <summary>The query string as a value, checked like a body: every error at once, unknown names included.</summary>
internal sealed class Query<T> : IRequestInput, IBindableFromHttpContext<Query<T>>, Microsoft.AspNetCore.Http.Metadata.IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private Query(T? value, IResult? problem) => (_value, Problem) = (value, problem);

    public T Value => _value ?? throw new InvalidOperationException("The input was not usable.");

    public IResult? Problem { get; }

    public static ValueTask<Query<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var json = new JsonObject();
        var properties = ApiJson.Options.GetTypeInfo(typeof(T)).Properties;
        foreach (var (name, values) in context.Request.Query)
        {
            var type = properties.FirstOrDefault(p => p.Name == name)?.PropertyType ?? typeof(string);
            if (!string.IsNullOrEmpty(values)) json[name] = Node(values.ToString(), Nullable.GetUnderlyingType(type) ?? type);
        }

        var (value, errors) = InputCheck.Read<T>(JsonSerializer.SerializeToElement(json));
        return ValueTask.FromResult<Query<T>?>(new Query<T>(value, errors.Count == 0 ? null : Answer.Invalid(errors)));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new QueryOf(typeof(T)));

    // Numbers and booleans arrive as text; text that is neither stays text, and the check says what was expected.
    private static JsonValue Node(string text, Type type) =>
        type == typeof(bool) && bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : type == typeof(int) && int.TryParse(text, out var number) ? JsonValue.Create(number)
        : JsonValue.Create(text);
}

/// <summary>Tells the API document which type describes the query string.</summary>
internal sealed record QueryOf(Type Type);
