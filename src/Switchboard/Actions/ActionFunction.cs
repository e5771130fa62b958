using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Actions;

/// <summary>A call action among the tools that run here: to call it is to have it judged, and it is performed when the turn ends.</summary>
internal sealed class ActionFunction(AIFunctionDeclaration declaration, ActionTurn turn) : AIFunction
{
    public override string Name => declaration.Name;

    public override string Description => declaration.Description;

    public override JsonElement JsonSchema => declaration.JsonSchema;

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var round = FunctionInvokingChatClient.CurrentContext ?? throw new InvalidOperationException("A call action is judged as part of a round.");
        return new(turn.Judge(round.CallContent, round));
    }
}
