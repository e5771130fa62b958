namespace Switchboard.Calls;

/// <summary>The call actions that a responder can ask for, by the name of the tool call that carries them.</summary>
internal static class CallActions
{
    /// <summary>Ends the call. The IMS workflow maps a function of this name with <c>FunctionMap</c>.</summary>
    public const string HangUp = "hangup";
}
