namespace Signal.Console.Data;

/// <summary>The console's readers.</summary>
internal static class ConsoleData
{
    public static void AddConsoleData(this IServiceCollection services) => services.AddSingleton<Trend>().AddSingleton<SourceActivity>().AddSingleton<EventTrails>().AddSingleton<HealthReader>().AddScoped<AlertBoard>();
}
