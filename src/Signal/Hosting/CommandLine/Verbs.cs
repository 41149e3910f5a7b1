using System.CommandLine;

namespace Signal.Hosting.CommandLine;

/// <summary>The program's verbs. Without one it runs.</summary>
internal static class Verbs
{
    internal static RootCommand Root()
    {
        var root = new RootCommand("Signal: first-party event collection, delivered to Matomo server-to-server.");
        root.SetAction((_, stop) => RunVerb.RunAsync(demo: false, stop));
        var run = new Command("run", "Run the roles in SIGNAL_ROLES (default: collect, deliver, manage).");
        run.SetAction((_, stop) => RunVerb.RunAsync(demo: false, stop));
        var demo = new Command("demo", "Run everything, with a demo shop and a Matomo sandbox wired together, and print the links.");
        demo.SetAction((_, stop) => RunVerb.RunAsync(demo: true, stop));
        root.Subcommands.Add(run);
        root.Subcommands.Add(demo);
        foreach (var verb in ApiVerbs.All().Concat(BackupVerbs.All())) root.Subcommands.Add(verb);
        return root;
    }
}
