namespace Signal.Hosting;

/// <summary>Writes the <see cref="RunFile"/> once the doors are open and removes it when they close.</summary>
internal sealed class RunFileWriter(Settings settings, Listeners listeners, RunToken token) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        new RunFile(Environment.ProcessId, listeners.Collect, listeners.Manage, token.Value).Write(settings.DataDirectory);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        File.Delete(RunFile.PathIn(settings.DataDirectory));
        return Task.CompletedTask;
    }
}
