using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Chat options that carry the call along the pipeline. Cloning keeps it.</summary>
internal sealed class TurnOptions : ChatOptions
{
    /// <param name="call">The call.</param>
    /// <param name="callerGone">The <see cref="CallerGone"/>.</param>
    public TurnOptions(CallContext call, CancellationToken callerGone = default)
    {
        Call = call;
        CallerGone = callerGone;
        Notes = new TurnNotes();
    }

    private TurnOptions(TurnOptions other)
        : base(other)
    {
        Call = other.Call;
        CallerGone = other.CallerGone;
        Notes = other.Notes;
    }

    public CallContext Call { get; }

    /// <summary>Is cancelled when nobody listens any more; the turn's own token also when its time is up.</summary>
    public CancellationToken CallerGone { get; set; }

    public TurnNotes Notes { get; }

    public override ChatOptions Clone() => new TurnOptions(this);
}
