namespace Switchboard.Steps;

/// <summary>What is exported: the section <c>Telemetry</c>. Where to is said by the standard variables of the exporters.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Whether traces carry what was said, prompts and tool arguments. Default false. Switch it on only where everybody who can
    /// read the traces may also listen to the calls.
    /// </summary>
    public bool MessageContent { get; set; }
}
