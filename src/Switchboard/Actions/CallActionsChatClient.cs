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
    IReadOnlyList<string>? replies = null,
    TimeProvider? time = null) : StreamingStep(innerClient)
{
    private readonly CallActionsSetup _setup = new(
        actions, areToolsRunBelow, IsScripted: replies is not null, new TransferRule(actions, replies), new ActionWarnings(), time ?? TimeProvider.System, logger);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var callerGone = (options as TurnOptions)?.CallerGone ?? cancellationToken;
        var notes = TurnNotes.Of(options);
        var turn = new ActionTurn(_setup with { Logger = TurnOptions.LoggerOf(logger, options) }, messages, options);
        do
        {
            await using var updates = new MovingUpdates(InnerClient, turn.Messages, turn.Options, cancellationToken);
            while (true)
            {
                if (turn.Waiting is { } waiting && !await waiting.WaitAsync(updates.Next()))
                {
                    yield return turn.ReleaseWaiting();
                }

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
                catch (ResponderException failure) when (turn.MayEndEmpty && failure.Failure is ResponderFailure.Empty or ResponderFailure.BadCall)
                {
                    // The platform asks after the call has ended; that nothing is left to say is no failure.
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

/// <summary>What is the same in all turns of a model with call actions.</summary>
/// <param name="Actions">The actions of the model.</param>
/// <param name="AreToolsRunBelow">
/// Whether a step further in runs tools: it then has the calls of actions judged among the others, so that all of a round are
/// answered together, and it is that step which asks the responder again.
/// </param>
/// <param name="IsScripted">Whether a script answers, which says the same again when it is asked again.</param>
/// <param name="Transfers">Where the answers may transfer the call.</param>
/// <param name="Warnings">Which calls were warned of.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Told what became of the actions.</param>
internal sealed record CallActionsSetup(
    IReadOnlyList<CallAction> Actions, bool AreToolsRunBelow, bool IsScripted, TransferRule Transfers, ActionWarnings Warnings, TimeProvider Time, ILogger Logger);

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
