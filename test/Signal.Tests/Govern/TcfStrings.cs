namespace Signal.Tests.Govern;

/// <summary>Writes TCF v2 core segments field by field, as the IAB lays them out.</summary>
internal static class TcfStrings
{
    internal static string With(params int[] purposes) => Write(2, purposes);

    internal static string Write(int version, params int[] purposes)
    {
        var bits = new List<bool>();
        void Field(long value, int width)
        {
            for (var i = width - 1; i >= 0; i--) bits.Add((value >> i & 1) == 1);
        }

        Field(version, 6);
        Field(17_000_000_000, 36); // created
        Field(17_000_000_000, 36); // last updated
        Field(300, 12); // CMP
        Field(1, 12); // CMP version
        Field(1, 6); // screen
        Field(('E' - 'A') << 6 | ('N' - 'A'), 12); // language
        Field(150, 12); // vendor list version
        Field(4, 6); // policy version
        Field(0, 1); // service specific
        Field(0, 1); // non-standard texts
        Field(0, 12); // special features
        for (var purpose = 1; purpose <= 24; purpose++) bits.Add(purposes.Contains(purpose));
        Field(0xFFFFFF, 24); // legitimate interest: must not count
        Field(0, 1); // purpose one treatment
        Field(0, 12); // publisher country
        Field(0, 16); // vendors
        Field(0, 1);
        while (bits.Count % 6 != 0) bits.Add(false);
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return string.Concat(bits.Chunk(6).Select(six => alphabet[six.Aggregate(0, (sum, bit) => (sum << 1) | (bit ? 1 : 0))]));
    }
}
