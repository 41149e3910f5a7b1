namespace Signal.Manage.Changes;

/// <summary>What stands in place of a secret. Sent back, it keeps the stored value.</summary>
internal static class Mask
{
    public const string Text = "***";
}
