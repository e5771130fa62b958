using System.Text.RegularExpressions;
using Switchboard.Common;

namespace Switchboard.Tests.Common;

/// <summary>Times of settings.</summary>
public sealed class SettingTimeTests
{
    [Theory]
    [InlineData("800ms", 800)]
    [InlineData("2.5s", 2_500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("0.5m", 30_000)]
    [InlineData("12h", 43_200_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0s", 0)]
    [InlineData("00:00:02.500", 2_500)]
    [InlineData("00:05:00", 300_000)]
    [InlineData("1.12:00:00", 129_600_000)]
    [InlineData("0:00:04", 4_000)]
    [InlineData("23:59:59.9999999", 86_399_999.9999)]
    public void TryParse_ATime_IsRead(string text, double milliseconds)
    {
        Assert.True(SettingTime.TryParse(text, out var time));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
        Assert.Matches(SettingTime.Pattern, text);
    }

    [Theory]
    [InlineData("60")]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("2,5s")]
    [InlineData("2.5 s")]
    [InlineData(" 2s")]
    [InlineData("2s ")]
    [InlineData("2S")]
    [InlineData(".5s")]
    [InlineData("5.s")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("1e3s")]
    [InlineData("1.2.3s")]
    [InlineData("5min")]
    [InlineData("1h30m")]
    [InlineData("\u0665s")]
    // Two parts are minutes and seconds to one, hours and minutes to another; to .NET 24:00:00 is 24 days.
    [InlineData("00:02")]
    [InlineData("1.00:02")]
    [InlineData(" 00:00:04 ")]
    [InlineData("0:0:4")]
    [InlineData("1:1:1:1")]
    [InlineData("24:00:00")]
    [InlineData("00:60:00")]
    [InlineData("-00:00:04")]
    [InlineData("00:00:04.")]
    [InlineData("\u0660\u0660:00:04")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999999999999999999999s")]
    public void TryParse_NoTime_IsNone(string text)
    {
        Assert.False(SettingTime.TryParse(text, out _));
        Assert.False(Regex.IsMatch(text, SettingTime.Pattern) && text.Length < 10);
    }

    [Theory]
    [InlineData("60", "60s")]
    [InlineData("2,5 s", "2.5s")]
    [InlineData("10 min", "10m")]
    [InlineData("2S", "2s")]
    [InlineData("3 hours", "3h")]
    [InlineData("00:02", "2s or 00:02:00")]
    [InlineData("01:30", "90s or 01:30:00")]
    [InlineData("00:02.5", "2.5s")]
    [InlineData(" 00:00:04 ", "00:00:04")]
    [InlineData("0:0:4", "00:00:04")]
    [InlineData("1:1:1:1", "1.01:01:01")]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("00:00:04,5", "00:00:04.5")]
    [InlineData("00:", null)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    public void Meant_NoTime_IsWhatWasProbablyMeant(string text, string? meant) => Assert.Equal(meant, SettingTime.Meant(text, TimeSpan.Zero, TimeSpan.MaxValue));

    [Fact]
    public void Meant_TwoParts_IsOnlyWhatTheSettingTakes() => Assert.Equal("2s", SettingTime.Meant("00:02", TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(50, "50ms")]
    [InlineData(2_500, "2.5s")]
    [InlineData(120_000, "2m")]
    [InlineData(225_000, "225s")]
    [InlineData(43_200_000, "12h")]
    [InlineData(2_592_000_000, "30d")]
    public void Show_ATime_IsOneThatASettingTakes(long milliseconds, string text)
    {
        Assert.Equal(text, SettingTime.Show(TimeSpan.FromMilliseconds(milliseconds)));
        Assert.True(SettingTime.TryParse(text, out var time));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), time);
    }
}
