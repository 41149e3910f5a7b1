using Signal.Destinations;

namespace Signal.Manage.Http;

/// <summary>
/// Rules that go beyond the form of a body. They are asked also when some fields have no usable form, about the rest of them,
/// so that the caller learns every error at once.
/// </summary>
internal interface IFurtherRules<in T>
{
    /// <summary>Every error of a body of which some fields may have been left out.</summary>
    /// <param name="rest">What can be used; text that is required and missing is empty.</param>
    /// <param name="id">The thing the route names; null for a new one.</param>
    /// <param name="stop">Ends it.</param>
    ValueTask<IReadOnlyList<FieldError>> CheckAsync(T rest, string? id, CancellationToken stop);
}
