using System.Diagnostics;

namespace Signal.Bench;

/// <summary>A server in a process of its own, ended with this one.</summary>
internal sealed class Child(ProcessStartInfo start) : IAsyncDisposable
{
    private readonly Process _process = Process.Start(start)!;

    /// <summary>Processor time it has used.</summary>
    internal TimeSpan Used
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Waits until the address answers.</summary>
    internal async Task ReadyAsync(string address)
    {
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            if (_process.HasExited) throw new InvalidOperationException($"{start.FileName} ended with {_process.ExitCode}.");
            try
            {
                using var answer = await http.GetAsync(address);
                return;
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
