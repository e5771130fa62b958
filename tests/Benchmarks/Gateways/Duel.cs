namespace Benchmarks.Gateways;

/// <summary>Both gateways under the same load, round by round in turn, so that what else the machine does falls on both.</summary>
internal sealed class Duel(string title, Load load, double cpuLimit)
{
    private const int Rounds = 9;
    private const int WarmUps = 3;

    private readonly List<double> _ratios = [];

    public string Title { get; } = title;

    /// <summary>The most that the ratio of CPU may be.</summary>
    public double CpuLimit { get; } = cpuLimit;

    public Load Load { get; } = load;

    public Series Switchboard { get; } = new("Switchboard");

    public Series Yarp { get; } = new("YARP");

    /// <summary>The median of the rounds' ratios: the two of a round had the same neighbours.</summary>
    public double CpuRatio => Series.Quantile(_ratios, 0.5);

    public double MedianRatio => Ratio(0.5);

    public double TailRatio => Ratio(0.99);

    public async Task RunAsync(Gateway switchboard, Gateway yarp, CancellationToken cancellationToken)
    {
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var isFirst = round % 2 == 0;
            var a = await Load.RunAsync(isFirst ? switchboard : yarp, cancellationToken);
            var b = await Load.RunAsync(isFirst ? yarp : switchboard, cancellationToken);
            if (round >= 0)
            {
                var (ours, theirs) = isFirst ? (a, b) : (b, a);
                Switchboard.Add(ours);
                Yarp.Add(theirs);
                _ratios.Add(ours.CpuPerToken / theirs.CpuPerToken);
            }
        }
    }

    private double Ratio(double part) => Series.Quantile(Switchboard.FirstTokens, part) / Series.Quantile(Yarp.FirstTokens, part);
}
