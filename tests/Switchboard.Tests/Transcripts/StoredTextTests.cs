using System.Text;
using Azure.Data.Tables;
using Switchboard.Transcripts;

namespace Switchboard.Tests.Transcripts;

/// <summary>Text of any length in properties, and ids as keys.</summary>
public sealed class StoredTextTests
{
    private static readonly string[] Units = ["a", "你", "😀", "\ud83d", "\ude00", "\u0000", "\n", "/", "~", "-"];

    [Fact]
    public void Put_TextsOfAllLengths_AreReadBackAndNoPairIsHalved()
    {
        var random = new Random(20261124);
        for (var round = 0; round < 200; round++)
        {
            // Lengths around the borders of a piece matter most.
            var length = (random.Next(0, 4) * StoredText.PieceLength) + random.Next(-3, 4);
            var text = Text(random, Math.Max(0, length));
            var entity = new TableEntity("p", "r");

            StoredText.Put(entity, "Heard", text);

            Assert.Equal(text, StoredText.Get(entity, "Heard"));
            var pieces = entity.Where(property => property.Key.StartsWith("Heard", StringComparison.Ordinal)).Select(property => (string)property.Value).ToList();
            Assert.All(pieces, piece => Assert.InRange(piece.Length, 0, StoredText.PieceLength));
            Assert.DoesNotContain(pieces.SkipLast(1), piece => char.IsHighSurrogate(piece[^1]) && char.IsLowSurrogate(text[text.IndexOf(piece, StringComparison.Ordinal) + piece.Length]));
        }
    }

    [Fact]
    public void Put_NoText_IsNone()
    {
        var entity = new TableEntity("p", "r");

        StoredText.Put(entity, "Heard", null);
        StoredText.Put(entity, "Spoken", "");

        Assert.Null(StoredText.Get(entity, "Heard"));
        Assert.Equal("", StoredText.Get(entity, "Spoken"));
    }

    [Fact]
    public void Fit_ATextThatIsTooLong_EndsInTheMark()
    {
        Assert.Equal("abc", StoredText.Fit("abc", 3));
        var text = string.Concat(Enumerable.Repeat("😀", 100));

        var fitted = StoredText.Fit(text, 101);

        Assert.EndsWith("😀" + StoredText.Cut, fitted, StringComparison.Ordinal);
        Assert.InRange(fitted.Length, 100, 101);
    }

    // Not as data of a theory: an attribute cannot hold half a character.
    [Fact]
    public void Clean_WhatCannotBeStored_IsReplaced()
    {
        Assert.Equal("plain, 你好 😀\t\r\n", StoredText.Clean("plain, 你好 😀\t\r\n"));
        Assert.Equal("a\ufffdb\ufffd\u007f", StoredText.Clean("a\u0000b\u001f\u007f"));
        Assert.Equal("\ufffd\ufffd", StoredText.Clean("\ude00\ud83d"));
        Assert.Equal("😀\ufffd", StoredText.Clean("\ud83d\ude00\ud83d"));
        Assert.Equal("\ufffd\ufffd\ufeff", StoredText.Clean("\ufffe\uffff\ufeff"));
    }

    [Fact]
    public void Key_OfAnyText_IsValidAndOfThatTextAlone()
    {
        var random = new Random(7);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in Enumerable.Range(0, 5000).Select(_ => Text(random, random.Next(1, 8))).Concat(Enumerable.Range(0, 100).Select(_ => Text(random, random.Next(300, 600)))))
        {
            var key = TableKey.Of(text);

            Assert.InRange(key.Length, 1, 450);
            Assert.All(key, character => Assert.True(char.IsAsciiLetterOrDigit(character) || "-_.~".Contains(character, StringComparison.Ordinal)));
            Assert.Equal(text, keys.GetValueOrDefault(key, text));
            keys[key] = text;
        }
    }

    [Fact]
    public void Id_OfAnyText_CanBeStoredAndIsOfThatTextAlone()
    {
        var random = new Random(11);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in Enumerable.Range(0, 2000).Select(_ => Text(random, random.Next(1, 6))).Concat(Enumerable.Range(0, 50).Select(_ => Text(random, random.Next(390, 500)))))
        {
            var id = TableKey.Id(text);

            Assert.InRange(id.Length, 1, 400);
            Assert.Equal(StoredText.Clean(id), id);
            // Read back and asked for, it leads to the same call.
            Assert.Equal(id, TableKey.Id(id));
            Assert.Equal(text, ids.GetValueOrDefault(id, text));
            ids[id] = text;
        }
    }

    private static string Text(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append(Units[random.Next(Units.Length)]);
        }

        return text.ToString(0, length);
    }
}
