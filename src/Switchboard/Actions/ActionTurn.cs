using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>One turn in which the responder may ask for call actions: keeps its calls back, judges the first, and tells the responder when that is refused.</summary>
internal sealed class ActionTurn
{
    /// <summary>How often the responder may be told that its arguments are wrong. After the last time it can only talk.</summary>
    public const int MaxRefusals = 2;

    /// <summary>How much of a reply, in characters, is sent back to the responder whose action was refused: as much as somebody says in ten minutes.</summary>
    public const int MaxSaid = 8192;

    private const string NotDone = "Not done: only one call action is possible, and another one was asked for first.";
    private const string Awaited = "It is done right after your next answer. Tell the caller now what there is to tell, and do not call it again.";
    private const string Done = "Done.";

    private readonly Dictionary<string, CallAction> _actions = new(StringComparer.Ordinal);
    private readonly List<FunctionCallContent> _held = [];
    private readonly KeptText _said = new(MaxSaid);
    private readonly HashSet<string> _known;
    private readonly WrittenTransfers _transfers;
    private readonly CallContext _call;
    private readonly ILogger _logger;
    private readonly bool _isRunBelow;
    private string? _failureText;
    private int _refusals;
    private bool _hasSpoken;
    private bool _needsSpace;
    private bool _callsClient;
    private bool _isRefused;
    private bool _isAwaited;
    private bool _isOpen;
    private bool _endsOpen;
    private bool _hasDropped;

    /// <param name="actions">The actions of the model.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The turn's options; they are left as they are.</param>
    /// <param name="isRunBelow">
    /// Whether a step further in runs tools: it then has the calls of actions judged among the others, so that all of a round are
    /// answered together, and it is that step which asks the responder again.
    /// </param>
    /// <param name="transfers">Where the answers may transfer the call.</param>
    /// <param name="logger">Told what became of the actions.</param>
    public ActionTurn(
        IReadOnlyList<CallAction> actions, IEnumerable<ChatMessage> messages, ChatOptions? options, bool isRunBelow, TransferRule transfers, ILogger logger)
    {
        _call = CallContext.From(options);
        _transfers = new WrittenTransfers(transfers, options, () => IsDecided, logger);
        _isRunBelow = isRunBelow;
        _logger = logger;
        Messages = [.. messages];
        Options = options?.Clone() ?? new ChatOptions();
        var taken = Options.Tools?.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        // The client knows what its own tool does, and no service takes two tools of one name.
        var offered = actions.Where(action => !taken.Contains(action.Declaration.Name)).ToList();
        if (offered.Count > 0)
        {
            Options.Tools = [.. Options.Tools ?? [], .. offered.Select(action => isRunBelow ? new ActionFunction(action.Declaration, this) : (AITool)action.Declaration)];
        }

        _known = taken;
        foreach (var action in offered)
        {
            _actions[action.Declaration.Name] = action;
        }

        // A script says hangup, whatever name the platform has for it.
        foreach (var action in offered.Where(action => !taken.Contains(action.Name)))
        {
            _actions.TryAdd(action.Name, action);
        }
    }

    public List<ChatMessage> Messages { get; }

    public ChatOptions Options { get; }

    /// <summary>Whether an action will end the answer, whatever else the responder does.</summary>
    public bool IsDecided => _held.Count > 0 && !_isRefused && Refusal() is null;

    /// <summary>What of an update goes on at once: not the calls of actions, and after such a call not the end of the answer. Null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        if (_isRefused)
        {
            Forget();
        }

        var contents = Take(update.Contents);
        var isEnd = update.FinishReason is not null && (_held.Count > 0 || _hasDropped);
        _isOpen |= isEnd;
        if (!isEnd && contents is null)
        {
            return update;
        }

        var passed = update.Clone();
        passed.Contents = contents ?? update.Contents;
        passed.FinishReason = isEnd ? null : update.FinishReason;
        return passed.Contents.Count > 0 || passed.FinishReason is not null ? passed : null;
    }

    /// <summary>What the responder is told of its <paramref name="call"/>, by the step further in that answers the calls of a round.</summary>
    /// <param name="call">A call that was kept back.</param>
    /// <param name="round">The round; it is told whether the turn ends with it.</param>
    public string Judge(FunctionCallContent call, FunctionInvocationContext round)
    {
        if (_isAwaited || _transfers.HasTransferred)
        {
            round.Terminate = true;
            return _isAwaited ? Done : NotDone;
        }

        if (_held.Count == 0 || _held[0].CallId != call.CallId)
        {
            return NotDone;
        }

        if (Refusal() is { } refusal)
        {
            CallActionLog.Refused(_logger, _actions[_held[0].Name].Name);
            _isRefused = true;
            round.Options!.ToolMode = ++_refusals >= MaxRefusals ? ChatToolMode.None : null;
            return refusal;
        }

        // Beside another tool: where the caller has not heard a word, its result is what there is to say before the call ends.
        _isAwaited = round.FunctionCount > 1 && !_hasSpoken;
        round.Terminate = !_isAwaited;
        return _isAwaited ? Awaited : Done;
    }

    /// <summary>Prepares to ask the responder again where what it wanted was refused: <see cref="Messages"/> then tell it why. False when there is no need.</summary>
    public bool TryAskAgain()
    {
        if (_isRefused)
        {
            Forget();
        }

        if (_held.Count == 0 || Refusal() is not { } refusal)
        {
            return false;
        }

        // A call of the client's tool ends the turn, since only the client can answer it, and so does a transfer that has gone out.
        if (_callsClient || _transfers.HasTransferred || _isRunBelow || _refusals == MaxRefusals)
        {
            var dropped = _actions[_held[0].Name];
            _failureText = dropped.FailureText;
            CallActionLog.Dropped(_logger, dropped.Name);
            _held.Clear();
            return false;
        }

        CallActionLog.Refused(_logger, _actions[_held[0].Name].Name);
        Messages.Add(new ChatMessage(ChatRole.Assistant, [.. !_said.IsEmpty ? new AIContent[] { new TextContent(_said.ToString()) } : [], .. _held]));
        Messages.Add(new ChatMessage(ChatRole.Tool, [.. _held.Select((call, index) => new FunctionResultContent(call.CallId, index == 0 ? refusal : NotDone))]));
        Options.ToolMode = ++_refusals == MaxRefusals ? ChatToolMode.None : null;
        _needsSpace = _endsOpen;
        _said.Clear();
        _endsOpen = false;
        Forget();
        return true;
    }

    /// <summary>What ends the answer: what was held back of its text, then the action that was asked for first, once. Null when the answer has ended already.</summary>
    /// <exception cref="ResponderException">Nothing is left to hear of what the responder said.</exception>
    public ChatResponseUpdate? End()
    {
        List<AIContent> rest = [];
        if (_transfers.Complete() is { Length: > 0 } text)
        {
            rest.Add(new TextContent(text));
            Hear(text, isOwn: true);
        }

        if (_held.Count == 0)
        {
            return EndWithoutAction(rest);
        }

        var action = _actions[_held[0].Name];
        CallActionLog.Performed(_logger, action.Name);
        var contents = action.Perform(_held[0], _call, _hasSpoken);
        TurnNotes.Of(Options).Actions.Add(new PerformedAction(action.Name, action.ArgumentsOf(_held[0]), contents[^1]));
        return new ChatResponseUpdate(ChatRole.Assistant, [.. rest, .. contents])
        {
            FinishReason = _callsClient || contents.Any(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
    }

    private ChatResponseUpdate? EndWithoutAction(List<AIContent> rest)
    {
        // What cannot be done must not end in silence.
        if (!_hasSpoken && !_callsClient && (_failureText ?? _transfers.FailureText) is { Length: > 0 } instead)
        {
            rest.Add(new TextContent(instead));
            _isOpen = true;
        }
        else if (!_hasSpoken && !_callsClient && _transfers.HasTakenOut)
        {
            throw new ResponderException(ResponderFailure.Empty, TurnNotes.Of(Options).Route);
        }

        return !_isOpen && rest.Count == 0 ? null
            : new ChatResponseUpdate(ChatRole.Assistant, rest) { FinishReason = !_isOpen ? null : _callsClient ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop };
    }

    private string? Refusal() => _actions[_held[0].Name].Refusal(_held[0]);

    private void Forget()
    {
        _held.Clear();
        _isRefused = false;
        _isOpen = false;
    }

    // Null when they can pass as they are.
    private List<AIContent>? Take(IList<AIContent> contents)
    {
        List<AIContent>? passed = null;
        for (var index = 0; index < contents.Count; index++)
        {
            var content = contents[index];
            var taken = content switch
            {
                TextContent { Text: { Length: > 0 } text } said => Take(said, text),
                FunctionCallContent call => Take(call),
                _ => content,
            };
            if (!ReferenceEquals(taken, content))
            {
                passed ??= [.. contents.Take(index)];
            }

            if (taken is not null)
            {
                passed?.Add(taken);
            }
        }

        return passed;
    }

    private FunctionCallContent? Take(FunctionCallContent call)
    {
        if (_actions.ContainsKey(call.Name))
        {
            // A transfer that the responder wrote was first, and has gone out.
            _hasDropped = _isOpen = _hasDropped || _transfers.HasTransferred;
            if (!_hasDropped)
            {
                _held.Add(call);
            }

            return null;
        }

        var clean = _transfers.Clean(call, isDeclared: _known.Contains(call.Name));
        _callsClient |= clean is { InformationalOnly: false };
        return clean;
    }

    private TextContent? Take(TextContent content, string text)
    {
        var said = _needsSpace && !char.IsWhiteSpace(text[0]) ? $" {text}" : text;
        _needsSpace = false;
        var safe = _transfers.Push(said);
        if (safe.Length == 0)
        {
            return null;
        }

        Hear(safe, isOwn: !Speakable.IsPhrase(content));
        return ReferenceEquals(safe, text) ? content : new TextContent(safe) { AdditionalProperties = content.AdditionalProperties };
    }

    private void Hear(string text, bool isOwn)
    {
        _hasSpoken = _hasSpoken || (isOwn && ImsMarks.IsHeard(text));
        _endsOpen = !char.IsWhiteSpace(text[^1]);
        if (_actions.Count > 0)
        {
            _said.Append(text);
        }
    }
}
