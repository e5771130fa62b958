using BenchmarkDotNet.Attributes;
using Switchboard.Speech;

namespace Benchmarks;

/// <summary>What the filter costs per piece: at most 150 ns and nothing allocated for five characters of plain prose.</summary>
[MemoryDiagnoser]
public class SpokenTextBenchmarks
{
    private const int Count = 1000;

    private const string Plain =
        "Well, hello! We have your order here: the two white shirts, at $19.50 each, will arrive on Wednesday between 9:00 and 12:30. How would you like to pay? ";

    private const string Chinese = "您好！您的预约是五月十四日星期二下午三点半，地点在人民路二十八号，请提前十分钟到达。需要我为您修改时间吗？";

    private const string Marked =
        "## Your **order**\n\n- Two *white* shirts, see [details](https://example.com/a)\n- `SKU_12` for $19.50 😀\n\n| Day | Time |\n|---|---|\n| Monday | 9:00 |\n\nMore at https://example.com/x.\n";

    private readonly SpokenTextFilter _filter = new(new SpokenTextOptions());
    private readonly List<ReadOnlyMemory<char>> _spoken = new(4);
    private string[] _plain = [];
    private string[] _chinese = [];
    private string[] _marked = [];

    [GlobalSetup]
    public void Cut() => (_plain, _chinese, _marked) = (Pieces(Plain), Pieces(Chinese), Pieces(Marked));

    [Benchmark(OperationsPerInvoke = Count, Baseline = true)]
    public int PlainProse() => Run(_plain);

    [Benchmark(OperationsPerInvoke = Count)]
    public int ChineseProse() => Run(_chinese);

    [Benchmark(OperationsPerInvoke = Count)]
    public int MarkedText() => Run(_marked);

    private static string[] Pieces(string text)
    {
        var length = 5 * Count;
        var all = string.Concat(Enumerable.Repeat(text, (length / text.Length) + 1));
        return [.. Enumerable.Range(0, Count).Select(index => all.Substring(index * 5, 5))];
    }

    private int Run(string[] pieces)
    {
        var count = 0;
        foreach (var piece in pieces)
        {
            _spoken.Clear();
            _filter.Push(piece, _spoken);
            count += _spoken.Count;
        }

        return count;
    }
}
