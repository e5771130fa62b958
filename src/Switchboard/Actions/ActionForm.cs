namespace Switchboard.Actions;

/// <summary>How a call action reaches the platform.</summary>
public enum ActionForm
{
    /// <summary>As a tool call, after the text. IMS maps its name with <c>FunctionMap</c>, for hanging up only.</summary>
    ToolCall,

    /// <summary>As a directive of IMS inside the text, at its end.</summary>
    Directive,
}
