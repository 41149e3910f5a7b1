using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Signal.Manage.Http;

/// <summary>Something read from the request that may be wrong.</summary>
internal interface IRequestInput
{
    /// <summary>The answer when it is wrong; null when it can be used.</summary>
    IResult? Problem { get; }
}

/// <summary>A body as it was sent.</summary>
internal interface IRequestBody : IRequestInput
{
    /// <summary>The JSON.</summary>
    JsonElement Json { get; }
}

/// <summary>A JSON body. An empty one counts as <c>{}</c> where nothing is required.</summary>
internal sealed class Body<T> : IRequestBody, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly T? _value;

    private Body(JsonElement json, T? value, IResult? problem) => (Json, _value, Problem) = (json, value, problem);

    public JsonElement Json { get; }

    public T Value => _value ?? throw new InvalidOperationException("The input was not usable.");

    public IResult? Problem { get; }

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (json, problem) = await JsonBody.ReadAsync(context);
        if (problem is not null) return new Body<T>(json, null, problem);
        var (value, errors) = await FormReader.ReadAsync(json, context.RequestServices.GetService<IFurtherRules<T>>(), context.GetRouteValue("id") as string, context.RequestAborted);
        return new Body<T>(json, value, errors.Count == 0 ? null : Answer.Invalid(errors));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: !InputCheck.Requires(typeof(T))));
}

/// <summary>A partial body (RFC 7396) for a resource documented as <typeparamref name="T"/>; kept as JSON, since "absent" and "null" differ.</summary>
internal sealed class Patch<T> : IRequestBody, IBindableFromHttpContext<Patch<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private Patch(JsonElement json, IResult? problem) => (Json, Problem) = (json, problem);

    public JsonElement Json { get; }

    public IResult? Problem { get; }

    public static async ValueTask<Patch<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (json, problem) = await JsonBody.ReadAsync(context);
        if (problem is null && json.ValueKind != JsonValueKind.Object) problem = Answer.Invalid([new("", "type", "The body must be an object.")]);
        return new Patch<T>(json, problem);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", "application/merge-patch+json"], typeof(T)));
}
