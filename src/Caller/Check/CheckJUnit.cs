using System.Globalization;
using System.Xml;

namespace Caller.Check;

/// <summary>
/// The report as JUnit XML, which build servers show. An advised check that failed is a skipped test with the reason:
/// a build is not to break over advice.
/// </summary>
internal static class CheckJUnit
{
    public static void Write(Stream output, CheckReport report)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true });
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", "caller check");
        foreach (var group in report.Results.GroupBy(result => result.Check.Group))
        {
            var results = group.ToList();
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", group.Key);
            xml.WriteAttributeString("tests", Number(results.Count));
            xml.WriteAttributeString("failures", Number(results.Count(result => result.Blocks)));
            xml.WriteAttributeString("skipped", Number(results.Count(result => !result.Blocks && result.Verdict.Outcome != Outcome.Held)));
            xml.WriteAttributeString("errors", "0");
            xml.WriteAttributeString("time", "0");
            xml.WriteAttributeString("timestamp", report.At.ToString("s", CultureInfo.InvariantCulture));
            foreach (var result in results)
            {
                WriteCase(xml, result);
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, CheckResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", $"caller.{result.Check.Group}");
        xml.WriteAttributeString("name", result.Check.Id);
        xml.WriteAttributeString("time", "0");
        var seen = Printable(result.Verdict.Seen);
        if (result.Blocks)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", CheckJson.Name(result.Verdict.Outcome));
            xml.WriteAttributeString("message", seen);
            xml.WriteString($"Contract: {result.Check.Contract}\nSeen: {seen}\nMend: {result.Check.Mend}\nSource: {result.Check.Source}");
            xml.WriteEndElement();
        }
        else if (result.Verdict.Outcome != Outcome.Held)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", $"{(result.Verdict.Outcome == Outcome.Failed ? "advised, failed" : CheckJson.Name(result.Verdict.Outcome))}: {seen}");
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    // What a server sends may hold characters that XML cannot.
    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Select(
        rune => rune.Utf16SequenceLength == 2 || XmlConvert.IsXmlChar((char)rune.Value) ? rune.ToString() : "\uFFFD"));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
