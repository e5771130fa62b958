namespace Switchboard.Common;

/// <summary>The names under which traces and metrics are published.</summary>
public static class SwitchboardSource
{
    /// <summary>The <c>ActivitySource</c> and the <c>Meter</c> of the turns.</summary>
    public const string Name = "Switchboard";

    /// <summary>The source and meter of the responders, in the GenAI semantic conventions.</summary>
    public const string GenAI = "Switchboard.GenAI";
}
