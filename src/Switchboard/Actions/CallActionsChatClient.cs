using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>
/// Offers the call actions to the responder as tools. When it calls one, what it says goes first and the action last, once;
/// arguments that are not allowed go back to the responder, and the caller hears only its next reply. A transfer that it writes as
/// text goes out only where it may: no step further out adds anything of a responder's that could make one.
/// </summary>
internal sealed class CallActionsChatClient(
    IChatClient innerClient,
    IReadOnlyList<CallAction> actions,
    bool areToolsRunBelow,
    ILogger<CallActionsChatClient> logger,
    IReadOnlyList<string>? replies = null) : StreamingStep(innerClient)
{
    private readonly TransferRule _transfers = new(actions, replies);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var callerGone = (options as TurnOptions)?.CallerGone ?? cancellationToken;
        var notes = TurnNotes.Of(options);
        var turn = new ActionTurn(actions, messages, options, areToolsRunBelow, _transfers, logger);
        do
        {
            await using var updates = InnerClient.GetStreamingResponseAsync(turn.Messages, turn.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (Exception failure) when (turn.IsDecided && !callerGone.IsCancellationRequested)
                {
                    // The responder has asked for the action; that it failed afterwards, or that the turn's time is up, must not keep the caller on the line.
                    notes.Failure = failure;
                    break;
                }

                var passed = turn.Take(updates.Current);
                notes.IsEnding = turn.IsDecided;
                if (passed is not null)
                {
                    yield return passed;
                }
            }
        }
        while (turn.TryAskAgain());

        if (turn.End() is { } end)
        {
            yield return end;
        }
    }
}

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
