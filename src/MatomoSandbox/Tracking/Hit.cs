using System.Net;

namespace MatomoSandbox.Tracking;

/// <summary>One hit, read and found acceptable so far.</summary>
internal sealed record Hit
{
    public required Parameters Parameters { get; init; }

    public required SandboxSite Site { get; init; }

    /// <summary>When it happened, epoch seconds.</summary>
    public required long Time { get; init; }

    public required IPAddress? Ip { get; init; }

    public required Device Device { get; init; }

    public required string Language { get; init; }

    /// <summary>Sixteen hex digits, or null when the hit brings no id.</summary>
    public string? Visitor { get; init; }

    public string? User { get; init; }

    /// <summary>Whether a <c>cid</c> was sent.</summary>
    public bool ForcedVisitor { get; init; }

    public bool IsPing => Parameters.Whole("ping", 0) == 1;

    public long Goal => Parameters.Whole("idgoal", -1);

    public bool IsEcommerce => Goal == 0;

    public string OrderId => Parameters.Text("ec_id");

    public bool IsOrder => IsEcommerce && !Php.PhpText.IsEmpty(OrderId);
}
