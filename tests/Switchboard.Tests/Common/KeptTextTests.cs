using Switchboard.Common;

namespace Switchboard.Tests.Common;

/// <summary>What was said is kept whole up to its limit, however it was cut.</summary>
public sealed class KeptTextTests
{
    [Theory]
    [InlineData("", 100, "")]
    [InlineData("We open at nine.", 100, "We open at nine.")]
    [InlineData("We open at nine.", 7, "We open")]
    [InlineData("Café 好 🌅!", 100, "Café 好 🌅!")]
    [InlineData("ab🌅", 3, "ab")]
    public void ToString_OfPieces_IsTheBeginningOfTheText(string text, int maxLength, string kept) =>
        Assert.All(Enumerable.Range(1, text.Length + 1), size =>
        {
            var keeping = new KeptText(maxLength);
            Assert.All(text.Chunk(size), piece => keeping.Append(new string(piece)));

            Assert.Equal(kept, keeping.ToString());
            Assert.Equal(kept.Length == 0, keeping.IsEmpty);
        });

    [Fact]
    public void Clear_HalfACharacter_IsForgotten()
    {
        var keeping = new KeptText(100);
        keeping.Append("One \ud83c");

        keeping.Clear();

        Assert.True(keeping.IsEmpty);
        keeping.Append("Two");
        Assert.Equal("Two", keeping.ToString());
    }
}
