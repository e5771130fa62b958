using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polly;
using Polly.CircuitBreaker;
using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Failover;

/// <summary>
/// Whether an upstream is asked first: one that fails at least half of its last turns is left alone for a while, then tried by one turn, beside the
/// next upstream. While it fails the tries grow apart.
/// </summary>
internal sealed class Circuit
{
    /// <summary>How long a failing route is left alone at first; twice as long after each try that fails.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromSeconds(15);

    /// <summary>The longest that it is left alone.</summary>
    public static readonly TimeSpan LongestBreak = TimeSpan.FromMinutes(2);

    /// <summary>How many turns a judgement needs, within <see cref="Window"/>.</summary>
    public const int MinimumTurns = 4;

    /// <summary>The time that is looked back on.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ResiliencePipeline _pipeline;
    private Opening? _opening;

    public Circuit(TimeProvider time) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
    {
        FailureRatio = 0.5,
        MinimumThroughput = MinimumTurns,
        SamplingDuration = Window,
        BreakDurationGenerator = opening => new(BreakAfter(opening.HalfOpenAttempts)),
        ShouldHandle = outcome => new(IsFailure(outcome.Outcome.Exception)),
        StateProvider = _state,
        ManualControl = _control,
        OnOpened = opening =>
        {
            _opening = new Opening(opening.Outcome.Exception, time.GetTimestamp());
            return default;
        },
    }).Build();

    /// <summary>Whether the route is asked like any other.</summary>
    public bool IsClosed => _state.CircuitState is CircuitState.Closed;

    /// <summary>What was seen when it was last found failing; null while it is not.</summary>
    public Opening? Failing => IsClosed ? null : _opening;

    /// <exception cref="BrokenCircuitException">It is to be left alone.</exception>
    public ValueTask ExecuteAsync(Func<Task> ask) => _pipeline.ExecuteAsync(static async (ask, _) => await ask(), ask, CancellationToken.None);

    /// <summary>The route has answered though it was to be left alone.</summary>
    public Task CloseAsync() => IsClosed ? Task.CompletedTask : _control.CloseAsync();

    private static TimeSpan BreakAfter(int tries) => tries < 3 ? Break * (1 << tries) : LongestBreak;

    // A request that the upstream finds at fault says nothing about the upstream's health, nor does a caller who leaves.
    // But a try that was cut off has proved nothing, and what is no failure would close the circuit.
    private bool IsFailure(Exception? failure) => failure switch
    {
        null => false,
        ResponderException refusal => !refusal.BlamesRequest,
        OperationCanceledException => _state.CircuitState is CircuitState.HalfOpen,
        _ => true,
    };

    /// <param name="Failure">How the route failed.</param>
    /// <param name="At">When, as a timestamp of the clock.</param>
    internal sealed record Opening(Exception? Failure, long At);
}

/// <summary>The circuits of all upstreams.</summary>
internal sealed class Circuits(TimeProvider time)
{
    private ImmutableList<(string Upstream, Circuit Circuit)> _made = [];

    public Circuit Create(ResponderName upstream)
    {
        var circuit = new Circuit(time);
        ImmutableInterlocked.Update(ref _made, made => made.Add((upstream.Name, circuit)));
        return circuit;
    }

    /// <summary>No model asks this upstream any more.</summary>
    public void Remove(Circuit circuit) => ImmutableInterlocked.Update(ref _made, made => made.RemoveAll(other => other.Circuit == circuit));

    /// <summary>A line for each upstream that keeps failing, and for each way in which it does, since its models may be asked with different keys: its host, since when, and how. No key and nothing that was said.</summary>
    public IEnumerable<string> Warnings() => _made.Where(made => !made.Circuit.IsClosed)
        .Select(made => (made.Upstream, Reason: Reason(made.Circuit.Failing), Ago: Ago(made.Circuit.Failing)))
        .GroupBy(failing => (failing.Upstream, failing.Reason), failing => failing.Ago)
        .Select(same => $"upstream: {LogText.Clean(same.Key.Upstream, LogText.MaxLength)} keeps failing, last seen {same.Min()} ago: {same.Key.Reason}");

    private static string Reason(Circuit.Opening? opening) => opening?.Failure switch
    {
        ResponderException failure => $"it {failure.Reason}",
        { } failure => FailureText.Describe(failure),
        null => "it is being tried",
    };

    private TimeSpan Ago(Circuit.Opening? opening) => opening is null ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Floor(time.GetElapsedTime(opening.At).TotalSeconds));
}

/// <summary>Adds what is kept of upstreams that fail.</summary>
internal static class FailoverServices
{
    /// <summary>Needs a clock.</summary>
    public static IServiceCollection AddFailover(this IServiceCollection services)
    {
        services.TryAddSingleton<Circuits>();
        return services;
    }
}
