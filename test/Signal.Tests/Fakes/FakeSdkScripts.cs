using Signal.Collect.Scripts;

namespace Signal.Tests.Fakes;

/// <summary>A small SDK.</summary>
internal sealed class FakeSdkScripts : ISdkScripts
{
    /// <summary>Files by path; empty for a build without the SDK.</summary>
    public Dictionary<string, string> Files { get; } = new()
    {
        ["manifest.json"] = """
            {"version":"1.0.0","core":"core.js","default":["links"],
             "features":{"dnt":{"part":"signals","default":false},"gpc":{"part":"signals","default":false},"outlinks":{"part":"links","default":true},"heartbeat":{"part":"heartbeat","default":false}},
             "readers":{"tcf":"consent-tcf"},
             "parts":{"signals":{"file":"parts/signals.js"},"links":{"file":"parts/links.js"},"heartbeat":{"file":"parts/heartbeat.js"},"consent-tcf":{"file":"parts/consent-tcf.js"}}}
            """,
        ["core.js"] = "(s,p)=>core(s,p)",
        ["parts/signals.js"] = "SIGNALS",
        ["parts/links.js"] = "LINKS",
        ["parts/heartbeat.js"] = "HEARTBEAT",
        ["parts/consent-tcf.js"] = "TCF",
    };

    public string? Read(string file) => Files.GetValueOrDefault(file);
}
