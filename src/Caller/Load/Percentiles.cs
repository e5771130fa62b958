using HdrHistogram;

namespace Caller.Load;

/// <summary>What a histogram says, in milliseconds.</summary>
internal sealed record Percentiles(long Count, double Mean, double P50, double P90, double P95, double P99, double P999, double Max)
{
    public static Percentiles Of(HistogramBase histogram) => histogram.TotalCount == 0
        ? new Percentiles(0, 0, 0, 0, 0, 0, 0, 0)
        : new Percentiles(histogram.TotalCount, histogram.GetMean() / 1000, At(histogram, 50), At(histogram, 90), At(histogram, 95), At(histogram, 99), At(histogram, 99.9), At(histogram, 100));

    private static double At(HistogramBase histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000d;
}
