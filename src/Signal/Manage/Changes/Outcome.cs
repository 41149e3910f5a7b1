using Signal.Destinations;

namespace Signal.Manage.Changes;

/// <summary>How a change ended. A closed set; the API and the console each translate it in one place.</summary>
internal abstract record Outcome<T>
{
    private Outcome()
    {
    }

    /// <summary>It is stored and in force.</summary>
    public sealed record Done(T Value) : Outcome<T>;

    /// <summary>The input can't be used; every error at once.</summary>
    public sealed record Invalid(IReadOnlyList<FieldError> Errors) : Outcome<T>;

    /// <summary>There is no such thing.</summary>
    public sealed record Missing : Outcome<T>;

    /// <summary>It has changed since the caller read it.</summary>
    public sealed record Stale : Outcome<T>;

    /// <summary>It contradicts something else that exists.</summary>
    public sealed record Conflict(string Code, string Message) : Outcome<T>;
}
