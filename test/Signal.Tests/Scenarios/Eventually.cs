using System.Diagnostics;

namespace Signal.Tests.Scenarios;

/// <summary>Waits for another process's state to become what a test expects, with a deadline.</summary>
internal static class Eventually
{
    internal static async Task<T> Async<T>(Func<Task<T>> read, Func<T, bool> done, Func<string> what, TimeSpan? patience = null)
    {
        var started = Stopwatch.StartNew();
        var limit = patience ?? TimeSpan.FromSeconds(60);
        while (true)
        {
            var value = await read();
            if (done(value)) return value;
            if (started.Elapsed > limit) throw new TimeoutException($"Waited {limit.TotalSeconds} s for {what()}");
            await Task.Delay(25);
        }
    }

    internal static Task<T> Async<T>(Func<T> read, Func<T, bool> done, Func<string> what, TimeSpan? patience = null) =>
        Async(() => Task.FromResult(read()), done, what, patience);
}
