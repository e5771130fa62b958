using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>The transfers that the responder writes in one turn: one that is allowed goes out as configured, once; every other one is taken out.</summary>
internal sealed class WrittenTransfers
{
    private readonly TransferRule _rule;
    private readonly CallContext _call;
    private readonly TurnNotes _notes;
    private readonly Func<bool> _isEnding;
    private readonly Func<CallAction, FunctionCallContent, bool>? _hold;
    private readonly ILogger _logger;
    private readonly TransferReader _reader;
    private bool _isLogged;

    /// <param name="rule">Where the answers may transfer the call.</param>
    /// <param name="options">The turn's options.</param>
    /// <param name="isEnding">Whether another call action was asked for first.</param>
    /// <param name="hold">Asks for the action that was written, where the platform would read a directive aloud, which goes out nowhere then; null where directives are obeyed.</param>
    /// <param name="logger">Told what became of the transfers.</param>
    public WrittenTransfers(TransferRule rule, ChatOptions? options, Func<bool> isEnding, Func<CallAction, FunctionCallContent, bool>? hold, ILogger logger)
    {
        _rule = rule;
        _call = CallContext.From(options);
        _notes = TurnNotes.Of(options);
        _isEnding = isEnding;
        _hold = hold;
        _logger = logger;
        _reader = hold is null ? new TransferReader(Replace, WarnTakenOut) : new TransferReader(Ask, WarnTakenOut, takesHangUps: true);
    }

    /// <summary>Whether one went out: the call is over for us.</summary>
    public bool HasTransferred { get; private set; }

    /// <summary>Whether something was taken out of the answer.</summary>
    public bool HasTakenOut { get; private set; }

    /// <summary>What the caller hears when nothing else is left; null for nothing.</summary>
    public string? FailureText => HasTakenOut ? _rule.FailureText : null;

    /// <inheritdoc cref="TransferReader.Push"/>
    public string Push(string piece) => _reader.Push(piece);

    /// <inheritdoc cref="TransferReader.Complete"/>
    public string Complete() => _reader.Complete();

    /// <summary>A tool call that is no call action, without any directive in its arguments; null when it could transfer the call by itself.</summary>
    public FunctionCallContent? Clean(FunctionCallContent call, bool isDeclared, bool isForeign)
    {
        if (isForeign)
        {
            CallActionLog.ForeignTransferDropped(_logger, call.Name);
            HasTakenOut = true;
            return null;
        }

        if (isDeclared || !_rule.CouldTransfer(call))
        {
            return TransferRule.Clean(call);
        }

        CallActionLog.ToolCallDropped(_logger);
        HasTakenOut = true;
        return null;
    }

    // A directive where none is obeyed: what it asks for is asked for, and what it says is said.
    private string Ask(string written)
    {
        if (ImsDirectives.IsHangUp(written))
        {
            if (!_isEnding() && _rule.HangUp is { } hangUp)
            {
                _hold!(hangUp, new FunctionCallContent($"call_{Guid.NewGuid():N}", hangUp.Declaration.Name));
            }

            return ImsDirectives.EndWord(written);
        }

        if (_isEnding())
        {
            return "";
        }

        if (_rule.Find(written) is not var (transfer, asked) || !_hold!(transfer, asked))
        {
            WarnTakenOut();
        }

        return "";
    }

    private string Replace(string written)
    {
        if (_isEnding())
        {
            return "";
        }

        if (_rule.IsScripted(written))
        {
            HasTransferred |= ImsDirectives.IsTransfer(written);
            return written;
        }

        if (_rule.Allow(written, _call) is not { Content: TextContent directive } performed)
        {
            WarnTakenOut();
            return "";
        }

        if (HasTransferred)
        {
            return "";
        }

        HasTransferred = true;
        CallActionLog.Performed(_logger, performed.Name);
        _notes.Actions.Add(performed);
        return directive.Text;
    }

    /// <summary>Something was taken out that the platform could have run.</summary>
    public void NoteTakenOut() => WarnTakenOut();

    private void WarnTakenOut()
    {
        HasTakenOut = true;
        if (!_isLogged)
        {
            _isLogged = true;
            CallActionLog.TransferTakenOut(_logger);
        }
    }
}
