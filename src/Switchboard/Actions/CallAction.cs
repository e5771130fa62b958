using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>A call action, ready to be offered, checked and performed.</summary>
/// <param name="options">Its settings.</param>
/// <param name="declaration">The tool that the responder gets to see.</param>
internal abstract class CallAction(ActionOptions options, AIFunctionDeclaration declaration)
{
    public string Name => options.Name;

    public AIFunctionDeclaration Declaration => declaration;

    /// <summary>Whether it hands the call to somebody else; else it ends it.</summary>
    public virtual bool IsTransfer => false;

    /// <summary>How many destinations it has to choose from.</summary>
    public virtual int Choices => 1;

    /// <summary>What the caller hears when the action cannot be done; null for nothing.</summary>
    public string? FailureText => options.ErrorMessage;

    protected ActionOptions Options => options;

    public static string FunctionOf(ActionOptions options) => options.Function is { Length: > 0 } function ? function : options.Name;

    /// <summary>Why <paramref name="call"/> cannot be performed, for the responder to read; null when it can.</summary>
    public abstract string? Refusal(FunctionCallContent call);

    /// <summary>What <see cref="Perform"/> does exactly, as JSON.</summary>
    public abstract string ArgumentsOf(FunctionCallContent asked);

    /// <summary>What the tool of a platform is to be told.</summary>
    /// <param name="asked">The responder's call, which was not refused.</param>
    /// <param name="call">The call that the action is for.</param>
    public abstract ToolAsk Ask(FunctionCallContent asked, CallContext call);

    /// <summary>What IMS is to get, in order; the action itself comes last.</summary>
    /// <param name="asked">The responder's call, which was not refused.</param>
    /// <param name="call">The call that the action is for.</param>
    /// <param name="hasSpoken">Whether the caller has heard anything in this turn.</param>
    public abstract IList<AIContent> Perform(FunctionCallContent asked, CallContext call, bool hasSpoken);
}
