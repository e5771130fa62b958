using PhoneNumbers;

namespace Switchboard.Masks;

/// <summary>
/// What libphonenumber knows of numbers. Its assembly, and the plans of all countries, are loaded with the first question, so nowhere else may a type of it be named.
/// </summary>
/// <remarks>https://github.com/twcclegg/libphonenumber-csharp, https://github.com/google/libphonenumber</remarks>
internal sealed class PhoneBook
{
    private readonly PhoneNumberUtil _numbers = PhoneNumberUtil.GetInstance();

    /// <summary>The country of a number with its country code; null where it is of none.</summary>
    public string? RegionOf(string? number) => number is ['+', ..] && Parse(number, null) is { } parsed ? _numbers.GetRegionCodeForNumber(parsed) : null;

    /// <summary>Whether there can be such a number.</summary>
    /// <param name="number">The number with its plus.</param>
    public bool IsValid(string number) => Parse(number, null) is { } parsed && _numbers.IsValidNumber(parsed);

    /// <summary>Whether it is dialled so in a country: where a 0 is dialled before numbers, only a mobile's is without it, and not in all countries.</summary>
    public bool IsDialled(string digits, string region) =>
        Parse(digits, region) is { } parsed && _numbers.IsValidNumberForRegion(parsed, region)
        && (_numbers.GetNddPrefixForRegion(region, true) is not "0" || (_numbers.GetNumberType(parsed) is PhoneNumberType.MOBILE && _numbers.FindNumbers(digits, region, PhoneNumberUtil.Leniency.VALID, 1).Any()));

    /// <summary>Whether there can be such a number in a country, with what is dialled before it there.</summary>
    public bool IsValidIn(string digits, string region) => Parse(digits, region) is { } parsed && _numbers.IsValidNumberForRegion(parsed, region);

    private PhoneNumber? Parse(string number, string? region)
    {
        try
        {
            return _numbers.Parse(number, region);
        }
        catch (NumberParseException)
        {
            // There is no form of it that does not throw.
            return null;
        }
    }
}
