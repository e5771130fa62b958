using HdrHistogram;

namespace Caller.Load;

/// <summary>Counts turns as they end.</summary>
internal sealed class LoadMeter
{
    private readonly Lock _gate = new();
    private readonly List<TurnSample> _samples = [];
    private readonly SortedDictionary<string, int> _errors = new(StringComparer.Ordinal);
    private readonly LongHistogram _firstSpeech = Microseconds();
    private readonly LongHistogram _firstAnswer = Microseconds();
    private readonly LongHistogram _gaps = Microseconds();
    private readonly LongHistogram _whole = Microseconds();
    private readonly LongHistogram _sending = Microseconds();
    private readonly LongHistogram _late = Microseconds();
    private int _active;
    private int _cutOff;
    private int _neverBegun;
    private int _calls;

    public void CallBegins()
    {
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _active);
    }

    public void CallEnds() => Interlocked.Decrement(ref _active);

    /// <summary>A turn that the end of the run cut off says nothing about the server.</summary>
    public void CutOff() => Interlocked.Increment(ref _cutOff);

    /// <summary>A call that should have begun and had to wait for a free line until the run was over.</summary>
    public void NeverBegun() => Interlocked.Increment(ref _neverBegun);

    /// <summary>A turn began so much later than it was meant to: the tool's own doing, which no server is charged for.</summary>
    public void Late(TimeSpan time)
    {
        lock (_gate)
        {
            Record(_late, time);
        }
    }

    public void Add(TurnSample sample)
    {
        lock (_gate)
        {
            _samples.Add(sample);
            if (sample.Error is { } error)
            {
                _errors[error] = _errors.GetValueOrDefault(error) + 1;
                return;
            }

            if (sample.FirstSpeech is { } first)
            {
                Record(_firstSpeech, first);
            }

            if (sample.FirstAnswer is { } answer)
            {
                Record(_firstAnswer, answer);
            }

            Record(_whole, sample.Whole);
            Record(_sending, sample.Sending);
            foreach (var gap in sample.Gaps)
            {
                Record(_gaps, gap);
            }
        }
    }

    public LoadReport Report(TimeSpan elapsed)
    {
        lock (_gate)
        {
            return new LoadReport
            {
                Elapsed = elapsed,
                Calls = _calls,
                Active = Volatile.Read(ref _active),
                Turns = _samples.Count,
                CutOff = _cutOff,
                NeverBegun = _neverBegun,
                Errors = new Dictionary<string, int>(_errors),
                FirstSpeech = Percentiles.Of(_firstSpeech),
                FirstAnswer = Percentiles.Of(_firstAnswer),
                Gaps = Percentiles.Of(_gaps),
                Whole = Percentiles.Of(_whole),
                Sending = Percentiles.Of(_sending),
                Late = Percentiles.Of(_late),
            };
        }
    }

    public IReadOnlyList<TurnSample> Samples()
    {
        lock (_gate)
        {
            return [.. _samples];
        }
    }

    // One microsecond to one hour, three digits.
    private static LongHistogram Microseconds() => new(1, 3_600_000_000, 3);

    private static void Record(LongHistogram histogram, TimeSpan time) =>
        histogram.RecordValue(Math.Clamp((long)time.TotalMicroseconds, 1, 3_600_000_000));
}
