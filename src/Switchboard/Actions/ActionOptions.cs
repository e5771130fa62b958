using System.ComponentModel.DataAnnotations;
using Switchboard.Common;

namespace Switchboard.Actions;

/// <summary>A call action that the responder may ask for: an entry of <c>Models:n:Actions</c>. It is offered to the responder as a tool.</summary>
public sealed class ActionOptions
{
    /// <summary>What is done to the call: <c>hangup</c> or <c>transfer</c>. Required.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>
    /// How it reaches IMS, and a client that is not known and offers no tool for it; every other platform gets a call of the tool that its request offers.
    /// Default: <c>hangup</c> as a tool call, <c>transfer</c> as a directive, the only form that it has there.
    /// </summary>
    public ActionForm? As { get; set; }

    /// <summary>
    /// The tool's name for the responder, and that of the tool call for IMS, which maps it: 1 to 64 letters, digits,
    /// <c>_</c> and <c>-</c>. Default: the action's name.
    /// A tool of the same name in a request that does not end or move the call is the client's, and the action is then not offered.
    /// </summary>
    public string? Function { get; set; }

    /// <summary>Tells the responder when to use it. Default: a sentence for each action.</summary>
    public string? Description { get; set; }

    /// <summary>
    /// For <c>hangup</c>: what the caller hears last. As a directive it always goes along, as <c>endword</c>; with a tool call it is
    /// said when the responder said nothing. Default none.
    /// </summary>
    [Spoken]
    public string? EndWord { get; set; }

    /// <summary>For <c>transfer</c>: the numbers that the call may be transferred to. At least one.</summary>
    public IList<string> Numbers { get; } = [];

    /// <summary>For <c>transfer</c>: the number that the new party sees. Default: the number that was called, if the platform tells it.</summary>
    public string? Caller { get; set; }

    /// <summary>For <c>transfer</c>: what the caller hears when it fails. Default none.</summary>
    [Spoken]
    public string? ErrorMessage { get; set; }

    /// <summary>For <c>transfer</c>: what the caller hears before it. Default none.</summary>
    [Spoken]
    public string? Message { get; set; }
}

/// <summary>How a call action reaches the platform.</summary>
public enum ActionForm
{
    /// <summary>As a tool call, after the text. IMS maps its name with <c>FunctionMap</c>, for hanging up only.</summary>
    ToolCall,

    /// <summary>As a directive of IMS inside the text, at its end.</summary>
    Directive,
}
