namespace Signal.State;

/// <summary>The names of express lanes: one for each lane that may be overtaken.</summary>
public static class ExpressLanes
{
    /// <summary>The name under which the cursor of a lane's express lane is kept.</summary>
    public static string Of(string lane) => lane + "+";
}
