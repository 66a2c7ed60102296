// Worlds of this run are on this cloud's profile.
process.env['YIPAN_TEST_CLOUD'] = 'huawei';
