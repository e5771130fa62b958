using System.Text.Json;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>Ends the call.</summary>
internal sealed class HangUpAction(ActionOptions options) : CallAction(options, Declare(options))
{
    private const string DefaultDescription =
        "Ends the phone call. Call it when the caller has said goodbye or has nothing left to ask, and say goodbye in the same answer.";

    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{},"additionalProperties":false}""");

    public static IEnumerable<string> Failures(ActionOptions options)
    {
        if (options.Numbers.Count > 0)
        {
            yield return $"Numbers: only the action {ActionNames.Transfer} has them.";
        }

        foreach (var (name, value) in new[] { (nameof(options.Caller), options.Caller), (nameof(options.ErrorMessage), options.ErrorMessage), (nameof(options.Message), options.Message) })
        {
            if (value is { Length: > 0 })
            {
                yield return $"{name}: only the action {ActionNames.Transfer} has it.";
            }
        }
    }

    // It takes no arguments, so none can be wrong; to keep a caller on the line over a stray one would help nobody.
    public override string? Refusal(FunctionCallContent call) => null;

    public override string ArgumentsOf(FunctionCallContent asked) => "{}";

    public override IList<AIContent> Perform(FunctionCallContent asked, CallContext call, bool hasSpoken)
    {
        if (Options.As is ActionForm.Directive)
        {
            return [new TextContent(ImsDirectives.HangUp(Options.EndWord))];
        }

        var id = asked.CallId is { Length: > 0 } given ? given : $"call_{Guid.NewGuid():N}";
        var hangUp = new FunctionCallContent(id, Declaration.Name);
        return hasSpoken || string.IsNullOrEmpty(Options.EndWord) ? [hangUp] : [new TextContent(Options.EndWord), hangUp];
    }

    public override ToolAsk Ask(FunctionCallContent asked, CallContext call) => new(null, null, Options.EndWord, "The conversation is over.", "The conversation is over.");

    private static AIFunctionDeclaration Declare(ActionOptions options) =>
        AIFunctionFactory.CreateDeclaration(FunctionOf(options), options.Description ?? DefaultDescription, NoParameters);
}
