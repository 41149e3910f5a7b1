using Microsoft.Extensions.Logging.Abstractions;

namespace Signal.Hosting;

/// <summary>
/// The process's loggers without the one for which ASP.NET Core makes a scope and an activity of every request, whether or not anybody
/// reads them. Collection says nothing within a request that needs them; traces ask for their activities themselves.
/// </summary>
internal sealed class LoggersWithoutRequests(ILoggerFactory process) : ILoggerFactory
{
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public ILogger CreateLogger(string categoryName) => categoryName == Requests ? NullLogger.Instance : process.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => process.AddProvider(provider);

    // The process owns what this lends.
    public void Dispose()
    {
    }
}
